package dev.writescope.latency;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.IntCountsHistogram;

/**
 * Room for the latencies of the next interval. The recording thread takes it, the sinks' thread gives it back, so an
 * interval costs little garbage however many series it has.
 */
final class LatencyPool {
    /** Up to here values are kept one by one: beyond, a histogram is smaller. */
    static final int FEW = 128;

    private final Buckets buckets;
    private final Queue<AbstractHistogram> histograms = new ConcurrentLinkedQueue<>();
    private final Queue<long[]> arrays = new ConcurrentLinkedQueue<>();

    /** @param digits significant decimal digits: 2 keeps the error under 1 %, 3 under 0.1 % */
    LatencyPool(int digits) {
        buckets = new Buckets(digits);
    }

    Buckets buckets() {
        return buckets;
    }

    AbstractHistogram takeHistogram() {
        AbstractHistogram histogram = histograms.poll();
        if (histogram == null) {
            // Ints are enough for an interval and half the memory. It grows to what is recorded, 64 bits at most.
            histogram = new IntCountsHistogram(1, 2, buckets.digits());
            histogram.setAutoResize(true);
        }
        return histogram;
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
        } else if (latencies instanceof Latencies.InHistogram many) {
            many.histogram().reset();
            histograms.add(many.histogram());
        }
    }
}
