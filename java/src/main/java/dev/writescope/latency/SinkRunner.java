package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hands intervals to the sinks on a thread of its own, keeps the totals of the run, and gives histograms back. A sink
 * that fails, with whatever it throws, is told nothing more; when the last one has failed the run is stopped. Without a
 * judge that has failed the run goes on. What fails outside of both stops the run, and {@link #end} says so: totals
 * would not be those of the run.
 */
final class SinkRunner {
    private final List<IntervalSink> sinks;
    private final FailsafeJudge judge;
    private final LatencyPool pool;
    private final BlockingQueue<IntervalRecorder.Flip> pending;
    private final Function<RecordedSeries, SeriesKey> nameNow;
    private final ActivityIntervals activity;
    private final Runnable stopRun;
    private final Totals totals = new Totals();
    private final List<TraceRun.SinkFailure> failures = new ArrayList<>();
    private final Thread thread = Thread.ofPlatform().name("sinks").daemon().unstarted(this::work);
    private volatile boolean ending;
    private volatile @Nullable Throwable defect;

    @FunctionalInterface
    private interface Telling {
        void tell(IntervalSink sink) throws IOException;
    }

    SinkRunner(
            List<IntervalSink> sinks,
            Judge judge,
            LatencyPool pool,
            BlockingQueue<IntervalRecorder.Flip> pending,
            Function<RecordedSeries, SeriesKey> nameNow,
            ActivityIntervals activity,
            Runnable stopRun) {
        this.sinks = new ArrayList<>(sinks);
        this.judge = FailsafeJudge.of(judge);
        this.pool = pool;
        this.pending = pending;
        this.nameNow = nameNow;
        this.activity = activity;
        this.stopRun = stopRun;
    }

    void begin(RunStart start) {
        tell(sink -> sink.start(start));
        thread.start();
    }

    private void work() {
        try {
            while (true) {
                // Read before looking: what was put there before the end is still taken.
                boolean last = ending;
                IntervalRecorder.Flip flip = pending.poll(50, TimeUnit.MILLISECONDS);
                if (flip != null) {
                    take(flip);
                } else if (last) {
                    return;
                }
            }
        } catch (Throwable unexpected) { // memory that is used up, for one
            defect = unexpected;
            stopRun.run();
        }
    }

    private void take(IntervalRecorder.Flip flip) {
        Interval interval = flip.interval().with(activity.next(flip.activity())).judgedBy(judge);
        tell(sink -> sink.interval(interval));
        List<SeriesInterval> series = interval.series();
        for (int i = 0; i < series.size(); i++) {
            totals.add(flip.sources().get(i), series.get(i));
            pool.giveBack(series.get(i).latencies());
        }
        flip.forgotten().forEach(totals::forget);
    }

    private void tell(Telling telling) {
        for (IntervalSink sink : List.copyOf(sinks)) {
            try {
                telling.tell(sink);
            } catch (Throwable failure) {
                IOException cause =
                        failure instanceof IOException io ? io : new IOException(failure.toString(), failure);
                failures.add(new TraceRun.SinkFailure(sink, cause));
                sinks.remove(sink);
                if (sinks.isEmpty()) {
                    stopRun.run();
                }
            }
        }
    }

    /**
     * Waits for what is pending, then tells the last interval and the totals. On the thread of the run.
     *
     * @throws IllegalStateException if an interval could not be processed
     */
    List<TraceRun.SinkFailure> end(
            IntervalRecorder.Flip last, Instant start, Duration duration, long events, Losses lost) {
        ending = true;
        try {
            thread.join();
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        if (defect != null) {
            throw new IllegalStateException(
                    "the run was cut short, an interval could not be processed: " + defect, defect);
        }
        take(last);
        List<SeriesInterval> all = totals.all(nameNow);
        long unattributed = 0;
        for (SeriesInterval each : all) {
            if (each.key().stage() == Stage.TOTAL && each.key().container().type() == Container.Type.UNATTRIBUTED) {
                unattributed += each.count();
            }
        }
        ProcessUsage usage = ProcessUsage.now();
        RunEnd end =
                new RunEnd(start, duration, all, events, unattributed, lost, usage.cpuSeconds(), usage.residentBytes());
        tell(sink -> sink.end(end));
        failures.addAll(judge.failures());
        return failures;
    }
}
