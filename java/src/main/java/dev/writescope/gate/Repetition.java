package dev.writescope.gate;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.HdrHistogram.PackedHistogram;
import org.jspecify.annotations.Nullable;

/**
 * One run of a command, kept in memory: written to a disk while it runs, it would be part of what is measured. Owners
 * are renamed on the way, so that what ran in two cgroups under two names can be compared.
 */
final class Repetition implements IntervalSink {
    /** The owner of all that a traced command does, whatever it is called and wherever it runs. */
    static final Container COMMAND = new Container(Container.Type.HOST, "command", "", "", "", "", "", "", "");

    private final UnaryOperator<Container> owner;
    private final List<Interval> intervals = new ArrayList<>();
    private @Nullable RunStart start;
    private @Nullable RunEnd end;

    /** @param owner what an owner is called in the recording */
    Repetition(UnaryOperator<Container> owner) {
        this.owner = owner;
    }

    @Override
    public void start(RunStart run) {
        start = run;
    }

    @Override
    public void interval(Interval interval) {
        Map<SeriesKey, List<SeriesInterval>> renamed = new LinkedHashMap<>();
        for (SeriesInterval series : interval.series()) {
            renamed.computeIfAbsent(renamed(series.key()), _ -> new ArrayList<>())
                    .add(series);
        }
        List<SeriesInterval> kept = new ArrayList<>();
        renamed.forEach((key, parts) -> kept.add(merged(key, parts)));
        intervals.add(new Interval(interval.start(), interval.duration(), kept, List.of(), interval.lost()));
    }

    private SeriesKey renamed(SeriesKey key) {
        return new SeriesKey(owner.apply(key.container()), 0, key.kind(), key.stage(), key.place());
    }

    private static SeriesInterval merged(SeriesKey key, List<SeriesInterval> parts) {
        return SeriesInterval.merge(
                key, parts, new PackedHistogram(parts.getFirst().latencies().digits()));
    }

    @Override
    public void end(RunEnd run) {
        end = run;
    }

    RunStart start() {
        if (start == null) {
            throw new IllegalStateException("the run has not started");
        }
        return start;
    }

    RunEnd end() {
        if (end == null) {
            throw new IllegalStateException("the run has not ended");
        }
        return end;
    }

    List<Interval> intervals() {
        return intervals;
    }

    /** Operations; a block request counts once. */
    long operations() {
        return intervals.stream()
                .flatMap(interval -> interval.series().stream())
                .filter(series -> series.key().stage() == Stage.TOTAL)
                .mapToLong(SeriesInterval::count)
                .sum();
    }

    Losses lost() {
        return end().lost();
    }

    @Override
    public void close() {}
}
