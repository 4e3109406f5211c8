package dev.writescope.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesSumsTest {
    private static final int MORE = 37;

    @Test
    void of_more_series_than_are_told_apart_those_silent_for_longest_add_up_under_gone() {
        SeriesSums sums = new SeriesSums();
        for (int i = 0; i < SeriesSums.MOST + MORE; i++) {
            SeriesInterval lasting = Samples.series(Samples.key("db", Kind.FSYNC, 7), 2, 0, 7, 1_009L);
            SeriesInterval passing = Samples.series(Samples.key("job" + i, Kind.FSYNC, i), 2, 1, 13, 1_013L, 70_001L);
            sums.add(Samples.interval(i, List.of(lasting, passing), List.of(), Losses.NONE));
        }
        List<SeriesInterval> totals = sums.totals();
        assertThat(totals).hasSize(SeriesSums.MOST + 1);
        assertThat(named(totals, "db").count()).isEqualTo(SeriesSums.MOST + MORE);
        assertThat(named(totals, "gone").count()).isEqualTo(2 * (MORE + 1));
        assertThat(named(totals, "gone").errors()).isEqualTo(MORE + 1);
        assertThat(named(totals, "gone").minNs()).isEqualTo(1_013);
        assertThat(totals.stream().mapToLong(SeriesInterval::count).sum()).isEqualTo(3L * (SeriesSums.MOST + MORE));
        assertThat(named(totals, "job" + (MORE + 1)).count()).isEqualTo(2);
    }

    private static SeriesInterval named(List<SeriesInterval> totals, String container) {
        return totals.stream()
                .filter(each -> each.key().container().name().equals(container))
                .findFirst()
                .orElseThrow();
    }
}
