package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.latency.Judge;
import dev.writescope.latency.Regression;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import dev.writescope.view.Grouping.Dimension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TableTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Table table = new Table(out, new Grouping(List.of()), Judge.NONE);

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
        new Table(out, new Grouping(List.of(Dimension.values())), Judge.NONE)
                .interval(Sample.interval(0, Sample.series(Sample.container("db"), Kind.OSYNC, Sample.ROOT, 1_000)));

        assertThat(lines().get(2)).contains("KIND", "MOUNT", "DEVICE");
        assertThat(lines().get(3)).contains("osync", "/ (upperdir, overlay)", "0:53");
    }

    @Test
    void phases_are_lines_below_their_operation_with_their_share_of_its_time() throws IOException {
        List<SeriesInterval> series = new ArrayList<>(Sample.phases(Sample.container("db"), Kind.FSYNC));
        series.add(Sample.series(Sample.container("web"), Kind.FSYNC, Sample.DATA, 11_000_000));
        series.add(Sample.series(Sample.container("idle"), Kind.FSYNC, Sample.DATA, 5_000_000));
        series.addAll(Sample.request(Sample.container("db"), 59_000, 61_000));
        new Table(out, new Grouping(List.of(Dimension.PHASE)), Judge.NONE)
                .interval(Sample.interval(0, series, List.of(), Losses.NONE));

        assertThat(lines().get(2)).matches("CONTAINER +OP +PHASE +SHARE +OPS/s.*");
        assertThat(lines().subList(3, 10))
                .satisfiesExactly(
                        line -> assertThat(line).matches("web +fsync +total +- .*"),
                        line -> assertThat(line).matches("db +fsync +total +- +2\\.00 .* - +- +0 +0\\.01"),
                        line -> assertThat(line)
                                .matches("db +fsync +commit_data +35\\.0 % +1\\.00 +7\\.00 ms.* - +- .*"),
                        line -> assertThat(line).matches("db +fsync +queue +10\\.0 % .* - +- .*"),
                        line -> assertThat(line).matches("db +fsync +running +5\\.00 % .*"),
                        line -> assertThat(line).matches("idle +fsync +total +- .*"),
                        line -> assertThat(line).matches("db +block +total +- .* 59\\.0 µs +61\\.0 µs .*"));
        assertThat(lines().subList(10, lines().size())).containsExactly("! db fsync: parts of 1 of 2 operations");
    }

    @Test
    void what_overlay_adds_is_said_to_be_in_the_parts_and_comes_last() throws IOException {
        new Table(out, new Grouping(List.of(Dimension.PHASE)), Judge.NONE)
                .interval(Sample.interval(0, layered(), List.of(), Losses.NONE));
        assertThat(lines().subList(4, 8))
                .satisfiesExactly(
                        line -> assertThat(line).contains("commit_data"),
                        line -> assertThat(line).contains("queue"),
                        line -> assertThat(line).contains("running"),
                        line -> assertThat(line).matches("db +fsync +of which overlay itself +40\\.0 % .*"));
    }

    private static List<SeriesInterval> layered() {
        List<SeriesInterval> series = new ArrayList<>(Sample.phases(Sample.container("db"), Kind.FSYNC));
        series.add(Sample.series(
                new SeriesKey(Sample.container("db"), 7, Kind.FSYNC, Stage.OVERLAY, Sample.DATA), 8_000_000));
        return series;
    }

    @Test
    void of_writes_only_those_that_waited_are_taken_apart() throws IOException {
        new Table(out, new Grouping(List.of(Dimension.PHASE, Dimension.KIND)), Judge.NONE)
                .interval(Sample.interval(
                        0, Sample.phases(Sample.container("db"), Kind.BUFFERED), List.of(), Losses.NONE));
        assertThat(lines()).contains("! db write buffered: parts of the 1 of 2 operations that waited");
    }

    @Test
    void phases_that_were_not_asked_for_leave_no_trace() throws IOException {
        Container db = Sample.container("db");
        table.interval(Sample.interval(0, Sample.phases(db, Kind.FSYNC), List.of(), Losses.NONE));
        String with = out.toString(StandardCharsets.UTF_8);
        out.reset();
        table.interval(Sample.interval(0, Sample.phases(db, Kind.FSYNC).getLast()));
        assertThat(with).isEqualTo(out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void losses_are_shouted_only_when_there_are_some() throws IOException {
        table.interval(Sample.interval(0));
        assertThat(lines()).contains("no operations").noneMatch(line -> line.startsWith("!"));

        table.interval(Sample.interval(1, List.of(), List.of(), new Losses(0, 29, 31)));
        assertThat(lines()).contains("! lost  fsync 0, write 29, block 31");

        table.interval(Sample.interval(2, List.of(), List.of(), new Losses(0, 0, 0, 37)));
        assertThat(lines()).contains("! lost  fsync 0, write 0, block 0, parts 37");
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

    @Test
    void a_regression_is_one_line_as_it_happens_and_again_at_the_end() throws IOException {
        Container db = Sample.container("db");
        Table judged = judgedBy(Judge.State.WATCHING);
        judged.interval(Sample.flagged(
                76, List.of(), Sample.regression(Sample.NOON.plusSeconds(77), db, Regression.State.ALARM)));
        String alarm = "12:01:17Z  db  fsync P99 2.10 ms -> 93.0 ms (x44.3) since 12:01:01Z  REGRESSED";
        assertThat(lines()).endsWith("no operations", alarm);

        out.reset();
        judged.interval(Sample.flagged(
                300, List.of(), Sample.regression(Sample.NOON.plusSeconds(301), db, Regression.State.RECOVERED)));
        judged.end(Sample.end(List.of(), Losses.NONE));

        assertThat(lines())
                .containsSequence(
                        "no operations",
                        "regressions  2:",
                        "  " + alarm,
                        "  12:05:01Z  db  fsync P99 2.10 ms -> 93.0 ms (x44.3) since 12:04:45Z  recovered");
    }

    @Test
    void a_regression_of_one_mount_and_kind_says_so_and_cannot_break_the_line() throws IOException {
        Regression hostile = new Regression(
                Sample.NOON,
                Sample.container(Sample.HOSTILE),
                Operation.WRITE,
                Kind.DIRECT,
                "/da\nta\u001b[2J",
                0.999,
                1_230,
                0,
                Sample.NOON,
                Regression.State.ACCEPTED);
        judgedBy(Judge.State.WATCHING).interval(Sample.flagged(0, List.of(), hostile));

        assertThat(lines().getLast())
                .startsWith("12:00:00Z  a\"\\\\x{a}")
                .endsWith("write/direct on /da\\x{a}ta\\x{1b}[2J P99.9 1.23 µs -> 0.00 µs (x0.00) since 12:00:00Z"
                        + "  accepted as the new normal")
                .matches("\\P{Cntrl}*");
    }

    @Test
    void many_flags_are_told_one_by_one_and_the_last_of_them_at_the_end() throws IOException {
        Table judged = judgedBy(Judge.State.WATCHING);
        Regression[] flags = IntStream.range(0, 1009)
                .mapToObj(n -> Sample.regression(Sample.NOON, Sample.container("c" + n + "."), Regression.State.ALARM))
                .toArray(Regression[]::new);
        judged.interval(Sample.flagged(0, List.of(), flags));
        assertThat(lines()).filteredOn(line -> line.endsWith("REGRESSED")).hasSize(1009);

        out.reset();
        judged.end(Sample.end(List.of(), Losses.NONE));

        assertThat(lines())
                .contains("regressions  1009, the last 50:")
                .filteredOn(line -> line.endsWith("REGRESSED"))
                .hasSize(50)
                .last()
                .asString()
                .contains("c1008.");
    }

    @Test
    void no_regression_is_good_news_only_if_somebody_judged() throws IOException {
        assertThat(endOf(Judge.State.WATCHING)).contains("regressions  none");
        assertThat(endOf(Judge.State.LEARNING))
                .contains("regressions  not judged: too short a run to learn what is normal");
        assertThat(endOf(Judge.State.FAILED)).contains("! regressions  not judged to the end: the detector failed");
        assertThat(endOf(Judge.State.OFF)).noneMatch(line -> line.contains("regressions"));
    }

    @Test
    void a_detector_that_fails_is_told_once() throws IOException {
        Table judged = judgedBy(Judge.State.FAILED);
        judged.interval(Sample.interval(0));
        judged.interval(Sample.interval(1));

        assertThat(lines()).containsOnlyOnce("! the regression detector failed: nothing is judged from here on");
    }

    private List<String> endOf(Judge.State state) throws IOException {
        out.reset();
        judgedBy(state).end(Sample.end(List.of(), Losses.NONE));
        return lines();
    }

    private Table judgedBy(Judge.State state) {
        return new Table(out, new Grouping(List.of()), Sample.judge(state));
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
