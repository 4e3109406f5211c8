package dev.writescope.latency;

import dev.writescope.probe.EventSink;
import dev.writescope.probe.Losses;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/** A run without a kernel behind it: one interval of given events, then the totals. */
public final class Rehearsal {
    private Rehearsal() {}

    /**
     * Sends events through histograms, names, a judge and sinks.
     *
     * @return the sinks that failed
     */
    public static List<TraceRun.SinkFailure> run(
            RunStart start, Names names, List<IntervalSink> sinks, Judge judge, Consumer<EventSink> events) {
        IntervalRecorder recorder = new IntervalRecorder(start.significantDigits(), start.interval(), names);
        BlockingQueue<IntervalRecorder.Flip> pending = new ArrayBlockingQueue<>(1);
        SinkRunner runner = new SinkRunner(
                sinks,
                judge,
                recorder.pool(),
                pending,
                recorder::key,
                new ActivityIntervals(new Naming(names)),
                () -> {});
        runner.begin(start);
        events.accept(recorder);
        pending.add(recorder.flip(start.time(), start.interval(), Losses.NONE));
        events.accept(recorder);
        Duration twice = start.interval().multipliedBy(2);
        IntervalRecorder.Flip last = recorder.flip(start.time().plus(start.interval()), start.interval(), Losses.NONE);
        return runner.end(last, start.time(), twice, recorder.events(), Losses.NONE);
    }
}
