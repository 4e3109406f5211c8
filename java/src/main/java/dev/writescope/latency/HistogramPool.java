package dev.writescope.latency;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.IntCountsHistogram;

/**
 * Empty histograms for the next interval. The recording thread takes them, the sinks' thread gives them back, so an
 * interval costs no garbage however many series it has.
 */
final class HistogramPool {
    private final int digits;
    private final ArrayDeque<AbstractHistogram> ready = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<AbstractHistogram> returned = new ConcurrentLinkedQueue<>();

    /** @param digits significant decimal digits: 2 keeps the error under 1 %, 3 under 0.1 % */
    HistogramPool(int digits) {
        this.digits = digits;
    }

    AbstractHistogram take() {
        AbstractHistogram histogram = ready.poll();
        if (histogram == null) {
            histogram = returned.poll();
        }
        if (histogram == null) {
            // Ints are enough for an interval and half the memory. It grows to what is recorded, 64 bits at most.
            histogram = new IntCountsHistogram(1, 2, digits);
            histogram.setAutoResize(true);
        }
        return histogram;
    }

    /** On the sinks' thread. */
    void giveBack(AbstractHistogram histogram) {
        histogram.reset();
        returned.add(histogram);
    }
}
