package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.view.Grouping.Dimension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Table table = new Table(out, new Grouping(List.of()));

    @Test
    void the_slowest_p99_comes_first() throws IOException {
        table.interval(Sample.interval(
                0,
                Sample.series(Sample.container("quick"), Kind.FSYNC, Sample.DATA, 1_230),
                Sample.series(Sample.container("slowest"), Kind.FSYNC, Sample.DATA, 1_230_000_000),
                Sample.series(Sample.container("middling"), Kind.FSYNC, Sample.DATA, 12_300_000)));

        assertThat(lines().stream().map(line -> line.split(" ", 2)[0]).toList())
                .containsSubsequence("CONTAINER", "slowest", "middling", "quick");
    }

    @Test
    void numbers_align_under_their_headers() throws IOException {
        List<SeriesInterval> series = new ArrayList<>(Sample.request(Sample.container("db"), 59_000, 61_000_000));
        series.add(Sample.series(Sample.container("日本"), Kind.FSYNC, Sample.DATA, 1_230_000_000));
        table.interval(Sample.interval(0, series, List.of(), Losses.NONE));

        List<String> rows = lines().subList(2, lines().size());
        assertThat(rows).hasSize(3).extracting(Printable::width).containsOnly(Printable.width(rows.getFirst()));
        assertThat(rows.getFirst()).contains("QUEUE P99", "DEVICE P99");
        assertThat(rows.get(1)).startsWith("日本").contains("1.23  s");
    }

    @Test
    void block_is_one_line_with_its_stages_as_columns() throws IOException {
        table.interval(
                Sample.interval(0, Sample.request(Sample.container("db"), 59_000, 61_000), List.of(), Losses.NONE));

        assertThat(lines().getLast()).matches("db +block .*120 µs +59\\.0 µs +61\\.0 µs +0 +0\\.00");
        assertThat(lines()).filteredOn(line -> line.contains("block")).hasSize(1);
    }

    @Test
    void dimensions_asked_for_get_columns() throws IOException {
        new Table(out, new Grouping(List.of(Dimension.values())))
                .interval(Sample.interval(0, Sample.series(Sample.container("db"), Kind.OSYNC, Sample.ROOT, 1_000)));

        assertThat(lines().get(2)).contains("KIND", "MOUNT", "DEVICE");
        assertThat(lines().get(3)).contains("osync", "/ (upperdir, overlay)", "0:53");
    }

    @Test
    void losses_are_shouted_only_when_there_are_some() throws IOException {
        table.interval(Sample.interval(0));
        assertThat(lines()).contains("no operations").noneMatch(line -> line.startsWith("!"));

        table.interval(Sample.interval(1, List.of(), List.of(), new Losses(0, 29, 31)));
        assertThat(lines()).contains("! lost  fsync 0, write 29, block 31");
    }

    @Test
    void a_name_cannot_reach_the_terminal_as_an_escape() throws IOException {
        Container hostile = Sample.container(Sample.HOSTILE);
        table.interval(Sample.interval(
                0,
                List.of(Sample.series(hostile, Kind.FSYNC, Sample.DATA, 41)),
                List.of(Sample.slow(hostile, "\u001b]0;x\u0007", "/a\nb")),
                Losses.NONE));

        assertThat(out.toString(StandardCharsets.UTF_8).codePoints())
                .noneMatch(each -> each != '\n' && Character.isISOControl(each));
        assertThat(lines().getLast())
                .startsWith("slow  12:00:01.234Z  ")
                .contains("fsync/fdatasync  1.23 s  (underlying 1.19 s)", "\\x{1b}]0;x\\x{7}[4211/4217]", "/a\\x{a}b");
    }

    @Test
    void the_end_tells_totals_coverage_losses_and_cost() throws IOException {
        table.start(Sample.start());
        out.reset();
        table.end(Sample.end(
                List.of(Sample.series(Sample.container("db"), Kind.FSYNC, Sample.DATA, 37)), new Losses(0, 0, 3)));

        assertThat(lines())
                .contains(
                        "total of 23.0 s",
                        "coverage  fsync by tp_btf, misses nothing known",
                        "coverage  write by fentry, misses io_uring",
                        "events 10007, unattributed 101 (1.01 %)",
                        "! lost  fsync 0, write 0, block 3",
                        "agent CPU 0.37 s (1.61 % of one CPU), memory 61.0 MB");
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
