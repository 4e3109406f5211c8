package dev.writescope.latency;

import dev.writescope.probe.EventSink;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Tracer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run from attach to totals: the thread that calls {@link #run} drains the rings and keeps the clock; a second one
 * hands the intervals to the sinks, which may be slow or fail without harming the drain. If they are so slow that
 * intervals pile up, the current interval grows instead: nothing is lost, and its duration says so.
 */
public final class TraceRun {
    /** Short enough that the rings hold what the fastest writers make meanwhile; see bench/. */
    private static final long BUSY_PARK_NS = 2_000_000;

    private static final long IDLE_PARK_NS = 8_000_000;
    private static final int PENDING_INTERVALS = 4;
    /** Reading a full table of sums takes milliseconds: no more often than about once a second. */
    private static final long ACTIVITY_NS = 900_000_000;

    private final Duration interval;
    private final @Nullable Duration limit;
    private final IntervalRecorder recorder;
    private final Tracer tracer;
    private final SinkRunner sinks;
    private final BlockingQueue<IntervalRecorder.Flip> pending = new ArrayBlockingQueue<>(PENDING_INTERVALS);
    private volatile boolean stopped;
    private Losses lostBefore = Losses.NONE;
    /** When in the run. */
    private long activityReadNs;

    /**
     * What a sink or the judge failed with; the run went on without it.
     *
     * @param sink null for the judge
     */
    public record SinkFailure(@Nullable IntervalSink sink, IOException cause) {}

    /**
     * Prepares a run: loads the programs, attaches nothing.
     *
     * @param limit how long to run; null until {@link #stop}
     * @param judge looks at each interval before the sinks do
     * @param load loads the programs for the recorder it is given
     */
    public TraceRun(
            Duration interval,
            @Nullable Duration limit,
            int digits,
            Names names,
            List<IntervalSink> sinks,
            Judge judge,
            Loader load)
            throws IOException {
        this.interval = interval;
        this.limit = limit;
        this.recorder = new IntervalRecorder(digits, interval, names);
        this.tracer = load.load(recorder);
        this.sinks = new SinkRunner(
                sinks,
                judge,
                recorder.pool(),
                pending,
                recorder::key,
                new ActivityIntervals(new Naming(names)),
                this::stop);
    }

    /** Makes a tracer that sends its events to a sink. */
    @FunctionalInterface
    public interface Loader {
        Tracer load(EventSink sink) throws IOException;
    }

    public Tracer tracer() {
        return tracer;
    }

    /** Ends the run soon, with totals. From any thread, a signal handler's included. */
    public void stop() {
        stopped = true;
    }

    /**
     * Runs until the limit or {@link #stop}, then detaches everything and tells the sinks the totals.
     *
     * @param describe makes the start message once the hooks are attached
     * @return the sinks that failed, and the judge if it did
     * @throws IOException if the programs cannot be attached
     * @throws IllegalStateException if the run was cut short because its intervals could not be processed any more
     */
    public List<SinkFailure> run(Function<Tracer, RunStart> describe) throws IOException {
        try (tracer) {
            tracer.attach();
            IntervalClock clock = new IntervalClock(InstantSource.system(), System::nanoTime);
            sinks.begin(describe.apply(tracer));
            tracer.drainHere();
            drainUntilStopped(clock);
            tracer.detach();
            drain();
            stopped = true;
            IntervalRecorder.Flip last = flip(clock);
            IntervalClock.Span whole = clock.run();
            return sinks.end(last, whole.start(), whole.duration(), recorder.events(), lostBefore);
        }
    }

    private void drainUntilStopped(IntervalClock clock) {
        long end = limit == null ? Long.MAX_VALUE : limit.toNanos();
        long park = BUSY_PARK_NS;
        while (!stopped) {
            park = drain() > 0 ? BUSY_PARK_NS : Math.min(2 * park, IDLE_PARK_NS);
            if (clock.runNs() >= end) {
                break;
            }
            if (clock.intervalNs() >= interval.toNanos() && pending.remainingCapacity() > 1) {
                pending.add(flip(clock));
            }
            LockSupport.parkNanos(this, park);
        }
    }

    private int drain() {
        int records = tracer.drain();
        recorder.drained();
        return records;
    }

    private IntervalRecorder.Flip flip(IntervalClock clock) {
        Losses lost = tracer.losses();
        IntervalClock.Span span = clock.next();
        IntervalRecorder.Flip flip = recorder.flip(span.start(), span.duration(), lost.minus(lostBefore));
        lostBefore = lost;
        if (stopped || clock.runNs() - activityReadNs >= ACTIVITY_NS) {
            activityReadNs = clock.runNs();
            return flip.with(tracer.activity());
        }
        return flip;
    }
}
