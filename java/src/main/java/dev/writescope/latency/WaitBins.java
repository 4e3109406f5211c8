package dev.writescope.latency;

import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** How long one waited for one thing, in the seconds and bins of {@link InFlight}. Belongs to the recording thread. */
final class WaitBins {
    private final int[] @Nullable [] spans = new int[InFlight.SPANS][];
    private final long[] numbers = new long[InFlight.SPANS];

    /** Takes the waits of a second. */
    @FunctionalInterface
    interface EachSpan {
        void waits(long number, int[] ns);
    }

    /**
     * Spreads time evenly over a range.
     *
     * @param toNs after fromNs, less than {@link InFlight#SPANS} seconds later
     * @return what there was no room for
     */
    long add(long fromNs, long toNs, long ns) {
        long rest = 0;
        long done = 0;
        for (long bin = fromNs >> InFlight.BIN_BITS; bin <= (toNs - 1) >> InFlight.BIN_BITS; bin++) {
            long until = Math.min(toNs, (bin + 1) << InFlight.BIN_BITS);
            long sum = until == toNs ? ns : (long) ((double) (until - fromNs) / (toNs - fromNs) * ns);
            rest += add(bin, sum - done);
            done = sum;
        }
        return rest;
    }

    private long add(long bin, long ns) {
        long number = bin >> (InFlight.SPAN_BITS - InFlight.BIN_BITS);
        int slot = (int) number & (InFlight.SPANS - 1);
        int[] span = spans[slot];
        if (span == null) {
            span = new int[InFlight.BINS];
            spans[slot] = span;
            numbers[slot] = number;
        }
        int at = (int) bin & (InFlight.BINS - 1);
        if (numbers[slot] != number || span[at] + ns > Integer.MAX_VALUE) {
            return ns;
        }
        span[at] += (int) ns;
        return 0;
    }

    /** Hands over the seconds whose number passes. */
    void take(LongPredicate which, EachSpan each) {
        for (int slot = 0; slot < spans.length; slot++) {
            int[] span = spans[slot];
            if (span != null && which.test(numbers[slot])) {
                each.waits(numbers[slot], span);
                spans[slot] = null;
            }
        }
    }
}
