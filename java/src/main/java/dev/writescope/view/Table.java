package dev.writescope.view;

import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Judge;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.view.Grouping.Dimension;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A table per interval for a pipe or a file, the slowest P99 first, and the totals at the end. A block request
 * is one line with its queue and device P99 beside its total, so that nobody has to look for the other stages. The
 * parts of a sync or write, where they are asked for, are the lines below it.
 */
public final class Table implements IntervalSink {
    private static final int NAME_COLUMNS = 100;
    private static final Duration SHORT_RUN = Duration.ofSeconds(10);

    private final Writer out;
    private final Grouping grouping;
    private final Judge judge;
    private final RegressionLog regressions;
    private List<Coverage> coverage = List.of();
    private boolean saidFailed;

    /**
     * Writes UTF-8; does not close {@code out}.
     *
     * @param judge whose flags the intervals bring; asked for its state only
     */
    public Table(OutputStream out, Grouping grouping, Judge judge) {
        this(out, grouping, judge, new RegressionLog());
    }

    /** For a view that showed the rest in another way: it tells the end and the flags of before. */
    Table(OutputStream out, Grouping grouping, Judge judge, RegressionLog regressions) {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        this.grouping = grouping;
        this.judge = judge;
        this.regressions = regressions;
    }

    @Override
    public void start(RunStart start) throws IOException {
        coverage = start.coverage();
        line("writescope " + Printable.of(start.version()) + " on " + Printable.of(start.host()) + ", Linux "
                + Printable.of(start.kernel()) + ", cgroup " + Printable.of(start.cgroupMode()));
        coverage();
        out.flush();
    }

    @Override
    public void interval(Interval interval) throws IOException {
        line("");
        line(interval.start().truncatedTo(ChronoUnit.MILLIS) + "  " + Figures.three(seconds(interval.duration()))
                + " s");
        table(interval.series(), interval.duration());
        for (SlowEvent event : interval.slow()) {
            line("slow  " + SlowText.CLOCK.format(event.time()) + "  " + Printable.of(event.container()) + "  "
                    + SlowText.of(event));
        }
        if (interval.lost().any()) {
            line("! lost  " + losses(interval.lost()));
        }
        regressions(interval.regressions());
        out.flush();
    }

    private void regressions(List<Regression> flagged) throws IOException {
        regressions.add(flagged);
        for (Regression regression : flagged) {
            line(RegressionText.line(regression));
        }
        if (!saidFailed && judge.state() == Judge.State.FAILED) {
            saidFailed = true;
            line("! the regression detector failed: nothing is judged from here on");
        }
    }

    @Override
    public void end(RunEnd end) throws IOException {
        line("");
        line("total of " + Figures.three(seconds(end.duration())) + " s");
        table(end.totals(), end.duration());
        for (String regression : regressions.lines(judge.state())) {
            line(regression);
        }
        coverage();
        line("events " + end.events() + ", unattributed " + end.unattributed() + " ("
                + Figures.share(end.unattributed(), end.events()) + ")");
        line((end.lost().any() ? "! lost  " : "lost  ") + losses(end.lost()));
        line("agent CPU " + Figures.three(end.agentCpuSeconds()) + " s" + share(end) + ", memory "
                + Figures.bytes(end.agentRssBytes()));
        out.flush();
    }

    /** Starting takes as much CPU as minutes of tracing: of a short run it would be most of the share. */
    private static String share(RunEnd end) {
        return end.duration().compareTo(SHORT_RUN) < 0
                ? " to start and trace"
                : " (" + Figures.percent(end.agentCpuSeconds(), seconds(end.duration())) + " of one CPU)";
    }

    /** Only the end. */
    void totals(RunStart start, RunEnd end) throws IOException {
        coverage = start.coverage();
        end(end);
    }

    @Override
    public void close() throws IOException {
        out.flush();
    }

    private void table(List<SeriesInterval> series, Duration duration) throws IOException {
        List<Row> merged = grouping.merge(series);
        Phases phases = new Phases(merged);
        List<StagedRow> operations = StagedRow.of(merged).stream()
                .sorted(Comparator.comparingLong((StagedRow row) -> row.total().p99Ns())
                        .reversed())
                .toList();
        if (operations.isEmpty()) {
            line("no operations");
            return;
        }
        List<StagedRow> rows = new ArrayList<>();
        for (StagedRow operation : operations) {
            rows.add(operation);
            Row whole = operation.total();
            phases.of(whole).forEach(part -> rows.add(StagedRow.part(part, whole.sumNs())));
        }
        boolean block = rows.stream().anyMatch(row -> row.total().key().operation() == Operation.BLOCK);
        columns(seconds(duration), block).print(rows, out);
        for (StagedRow operation : operations) {
            coverage(operation.total(), phases.coverage(operation.total()));
        }
    }

    private void coverage(Row total, String partly) throws IOException {
        if (!partly.isEmpty()) {
            RowKey key = total.key();
            line("! " + Printable.of(key.container()) + " " + key.operation().label()
                    + (key.kind() == null ? "" : " " + key.kind().label()) + ": " + partly);
        }
    }

    private TextColumns<StagedRow> columns(double seconds, boolean block) {
        TextColumns<StagedRow> columns = new TextColumns<StagedRow>()
                .text(
                        "CONTAINER",
                        row -> Printable.clip(Printable.of(row.total().key().container()), NAME_COLUMNS))
                .text("OP", row -> row.total().key().name());
        if (grouping.keeps(Dimension.KIND)) {
            columns.text("KIND", row -> kind(row.total().key()));
        }
        if (grouping.keeps(Dimension.MOUNT)) {
            columns.text("MOUNT", row -> Printable.clip(mount(row.total().key().place()), NAME_COLUMNS));
        }
        if (grouping.keeps(Dimension.DEVICE)) {
            columns.text("DEVICE", row -> orDash(row.total().key().place().device()));
        }
        if (grouping.keeps(Dimension.PHASE)) {
            columns.text("PHASE", row -> row.total().key().phase()).number("SHARE", StagedRow::share);
        }
        columns.number("OPS/s", row -> Figures.rate(row.total().count() / seconds))
                .number("P50", row -> Durations.cell(row.total().p50Ns()))
                .number("P90", row -> Durations.cell(row.total().p90Ns()))
                .number("P99", row -> Durations.cell(row.total().p99Ns()))
                .number("P99.9", row -> Durations.cell(row.total().p999Ns()))
                .number("MAX", row -> Durations.cell(row.total().maxNs()));
        if (block) {
            columns.number("QUEUE P99", row -> Durations.cell(row.queueP99Ns()))
                    .number("DEVICE P99", row -> Durations.cell(row.deviceP99Ns()));
        }
        return columns.number("ERR", row -> Long.toString(row.total().errors()))
                .number("MB/s", row -> Figures.megabytes(row.total().bytes() / seconds));
    }

    private void coverage() throws IOException {
        for (Coverage one : coverage) {
            line("coverage  " + one.operation().label() + " by " + Printable.of(one.backend()) + ", misses "
                    + (one.misses().isEmpty() ? "nothing known" : Printable.of(String.join("; ", one.misses()))));
        }
    }

    static String kind(RowKey key) {
        return key.kind() == null ? "-" : key.kind().label();
    }

    /** Such as {@code /data (volume, ext4)}. */
    static String mount(Place place) {
        if (place.mount().isEmpty()) {
            return "-";
        }
        String owner = place.mountClass() == null ? "" : place.mountClass().label() + ", ";
        return Printable.of(place.mount()) + " (" + owner + Printable.of(place.fstype()) + ")";
    }

    static String orDash(String text) {
        return text.isEmpty() ? "-" : Printable.of(text);
    }

    private static String losses(Losses lost) {
        return "fsync " + lost.fsync() + ", write " + lost.write() + ", block " + lost.block()
                + (lost.parts() > 0 ? ", parts " + lost.parts() : "");
    }

    private static double seconds(Duration duration) {
        return Math.max(1, duration.toNanos()) / 1e9;
    }

    private void line(String text) throws IOException {
        out.append(text).append('\n');
    }
}
