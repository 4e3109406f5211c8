package dev.writescope.latency;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Room for the latencies of the next interval. The recording thread takes it, the sinks' thread gives it back, so an
 * interval costs little garbage however many series it has.
 */
final class LatencyPool {
    /** Up to here values are kept one by one: beyond, counts are smaller. */
    static final int FEW = 128;

    private final Buckets buckets;
    private final Queue<IntervalCounts> counts = new ConcurrentLinkedQueue<>();
    private final Queue<long[]> arrays = new ConcurrentLinkedQueue<>();

    /** @param digits significant decimal digits: 2 keeps the error under 1 %, 3 under 0.1 % */
    LatencyPool(int digits) {
        buckets = new Buckets(digits);
    }

    Buckets buckets() {
        return buckets;
    }

    IntervalCounts takeCounts() {
        IntervalCounts empty = counts.poll();
        return empty == null ? new IntervalCounts(buckets) : empty;
    }

    long[] takeValues() {
        long[] values = arrays.poll();
        return values == null ? new long[FEW] : values;
    }

    void giveBack(long[] values) {
        arrays.add(values);
    }

    /** On the sinks' thread, when nobody looks at them any more. */
    void giveBack(Latencies latencies) {
        if (latencies instanceof Latencies.AsValues few) {
            arrays.add(few.values());
        } else if (latencies instanceof Latencies.AsCounts many) {
            many.counts().reset();
            counts.add(many.counts());
        }
    }
}
