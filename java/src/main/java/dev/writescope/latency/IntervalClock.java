package dev.writescope.latency;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Cuts a run into intervals. How long they are is monotonic time, whatever is done to the wall clock. When they start is
 * wall time carried on by monotonic time, so that one starts where the last has ended; only a step of the wall clock, or
 * a host that slept, is seen in it, from the next interval on. Belongs to one thread.
 */
final class IntervalClock {
    /** Clocks that are merely adjusted never differ by that much within a run: both are adjusted alike. */
    static final Duration STEP = Duration.ofSeconds(1);

    private final InstantSource wall;
    private final LongSupplier monotonicNs;
    private final Instant started;
    private final long startedNs;
    private Instant intervalStart;
    private long intervalStartNs;

    /** From when, and for how long. */
    record Span(Instant start, Duration duration) {}

    /** Starts the run and its first interval. */
    IntervalClock(InstantSource wall, LongSupplier monotonicNs) {
        this.wall = wall;
        this.monotonicNs = monotonicNs;
        started = wall.instant();
        startedNs = monotonicNs.getAsLong();
        intervalStart = started;
        intervalStartNs = startedNs;
    }

    /** The run so far. */
    Span run() {
        return new Span(started, Duration.ofNanos(runNs()));
    }

    long runNs() {
        return monotonicNs.getAsLong() - startedNs;
    }

    long intervalNs() {
        return monotonicNs.getAsLong() - intervalStartNs;
    }

    /** Ends the interval and starts the next. */
    Span next() {
        Span ended = new Span(intervalStart, Duration.ofNanos(intervalNs()));
        intervalStartNs += ended.duration.toNanos();
        Instant expected = intervalStart.plus(ended.duration);
        Instant now = wall.instant();
        boolean stepped = Duration.between(expected, now).abs().compareTo(STEP) > 0;
        intervalStart = stepped ? now : expected;
        return ended;
    }
}
