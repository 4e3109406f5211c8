package dev.writescope.cli;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Stage;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A sink that is told of those chosen only. Who did what is left whole: it explains what happened to them. */
final class ChosenSink implements IntervalSink {
    private final IntervalSink sink;
    private final Predicate<SeriesKey> chosen;

    ChosenSink(IntervalSink sink, Predicate<SeriesKey> chosen) {
        this.sink = sink;
        this.chosen = chosen;
    }

    @Override
    public void start(RunStart start) throws IOException {
        sink.start(start);
    }

    @Override
    public void interval(Interval interval) throws IOException {
        List<SeriesInterval> series = chosen(interval.series());
        Set<Container> containers =
                series.stream().map(each -> each.key().container()).collect(Collectors.toSet());
        sink.interval(new Interval(
                interval.start(),
                interval.duration(),
                series,
                interval.slow().stream()
                        .filter(event -> containers.contains(event.container()))
                        .toList(),
                interval.lost(),
                interval.regressions().stream()
                        .filter(regression -> containers.contains(regression.container()))
                        .toList(),
                interval.shares(),
                interval.activity()));
    }

    @Override
    public void end(RunEnd end) throws IOException {
        List<SeriesInterval> totals = chosen(end.totals());
        sink.end(new RunEnd(
                end.start(),
                end.duration(),
                totals,
                operations(totals, key -> true),
                operations(totals, key -> key.container().type() == Container.Type.UNATTRIBUTED),
                end.lost(),
                end.agentCpuSeconds(),
                end.agentRssBytes()));
    }

    private List<SeriesInterval> chosen(List<SeriesInterval> series) {
        return series.stream().filter(each -> chosen.test(each.key())).toList();
    }

    private static long operations(List<SeriesInterval> totals, Predicate<SeriesKey> which) {
        return totals.stream()
                .filter(each -> each.key().stage() == Stage.TOTAL && which.test(each.key()))
                .mapToLong(SeriesInterval::count)
                .sum();
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }
}
