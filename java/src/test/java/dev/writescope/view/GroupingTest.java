package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Stage;
import dev.writescope.view.Grouping.Dimension;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GroupingTest {
    @Property(tries = 200)
    void merged_percentiles_equal_those_of_one_histogram_that_saw_everything(
            @ForAll @Size(min = 1, max = 6)
                    List<@Size(min = 1, max = 40) List<@LongRange(min = 1, max = 120_000_000_000L) Long>> parts) {
        List<SeriesInterval> series = new ArrayList<>();
        List<Long> all = new ArrayList<>();
        for (List<Long> part : parts) {
            long[] latencies = part.stream().mapToLong(Long::longValue).toArray();
            series.add(Sample.series(
                    new SeriesKey(Sample.container("db"), series.size(), Kind.FSYNC, Stage.TOTAL, Sample.DATA),
                    latencies));
            all.addAll(part);
        }
        SeriesInterval direct = Sample.series(
                series.getFirst().key(), all.stream().mapToLong(Long::longValue).toArray());

        List<Row> rows = new Grouping(List.of()).merge(series);

        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst()).isEqualTo(Row.of(rows.getFirst().key(), 0, direct));
    }

    @Test
    void kinds_mounts_and_devices_merge_unless_asked_for() {
        List<SeriesInterval> series = List.of(
                Sample.series(Sample.container("db"), Kind.FSYNC, Sample.DATA, 11),
                Sample.series(Sample.container("db"), Kind.FDATASYNC, Sample.DATA, 13),
                Sample.series(Sample.container("db"), Kind.FSYNC, Sample.ROOT, 17));

        assertThat(new Grouping(List.of()).merge(series)).singleElement().satisfies(row -> {
            assertThat(row.count()).isEqualTo(3);
            assertThat(row.bytes()).isEqualTo(3 * 4096);
            assertThat(row.key().kind()).isNull();
            assertThat(row.key().place().mount()).isEmpty();
            assertThat(row.key().place().mountClass()).isNull();
            assertThat(row.key().place().device()).isEmpty();
        });
        assertThat(new Grouping(List.of(Dimension.KIND)).merge(series))
                .extracting(Row::count)
                .containsExactly(2L, 1L);
        assertThat(new Grouping(List.of(Dimension.MOUNT)).merge(series))
                .extracting(row -> row.key().place().mount())
                .containsExactly("/data", "/");
        assertThat(Grouping.finest().merge(series)).hasSize(3);
    }

    @Test
    void copy_ups_are_in_no_row_of_writes() {
        List<SeriesInterval> series = List.of(
                Sample.series(Sample.container("db"), Kind.BUFFERED, Sample.ROOT, 11),
                Sample.series(Sample.container("db"), Kind.COPY_UP, Sample.ROOT, 700_000_007),
                Sample.series(Sample.container("db"), Kind.DIRECT, Sample.ROOT, 13));

        assertThat(new Grouping(List.of()).merge(series))
                .extracting(row -> row.key().name(), Row::count, Row::maxNs)
                .containsExactly(
                        tuple("write", 2L, 13L),
                        tuple("copy_up", 1L, series.get(1).maxNs()));
    }

    @Test
    void stages_and_operations_never_merge() {
        List<SeriesInterval> series = new ArrayList<>(Sample.request(Sample.container("db"), 19, 23));
        series.add(Sample.series(Sample.container("db"), Kind.BUFFERED, Sample.DATA, 29));

        assertThat(new Grouping(List.of()).merge(series)).hasSize(4);
    }

    @Test
    void equal_containers_of_different_cgroups_merge_and_lose_the_cgroup_id() {
        SeriesInterval first =
                Sample.series(new SeriesKey(Sample.container("db"), 31, Kind.FSYNC, Stage.TOTAL, Sample.DATA), 37);
        SeriesInterval second =
                Sample.series(new SeriesKey(Sample.container("db"), 41, Kind.FSYNC, Stage.TOTAL, Sample.DATA), 43);

        assertThat(new Grouping(List.of()).merge(List.of(first, second)))
                .singleElement()
                .satisfies(row -> assertThat(row.cgroupId()).isZero());
        assertThat(new Grouping(List.of()).merge(List.of(first)))
                .singleElement()
                .satisfies(row -> assertThat(row.cgroupId()).isEqualTo(31));
    }

    @Test
    void a_merge_leaves_its_inputs_alone() {
        SeriesInterval series = Sample.series(Sample.container("db"), Kind.FSYNC, Sample.DATA, 47);
        SeriesInterval other = Sample.series(Sample.container("db"), Kind.FSYNC, Sample.ROOT, 53);

        new Grouping(List.of()).merge(List.of(series, other));

        assertThat(series.histogram().getTotalCount()).isEqualTo(1);
    }

    @Test
    void queue_and_device_of_a_request_stand_beside_its_total() {
        List<StagedRow> rows =
                StagedRow.of(new Grouping(List.of()).merge(Sample.request(Sample.container("db"), 59_000, 61_000)));

        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.total().maxNs()).isEqualTo(120_000);
            assertThat(row.queueP99Ns()).isEqualTo(59_000);
            assertThat(row.deviceP99Ns()).isEqualTo(61_000);
        });
    }
}
