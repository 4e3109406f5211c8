package dev.writescope.latency;

import org.jspecify.annotations.Nullable;

/**
 * Who had how many requests in flight at one disk, over the last {@value #SPANS} s or so: nanoseconds in flight per
 * owner in bins of about a millisecond. Of each second (2^30 ns) the first {@value #MOST_OWNERS} owners are told apart.
 * Belongs to the recording thread.
 */
final class InFlight {
    static final int MOST_OWNERS = 32;
    static final int SPANS = 8;
    /** An owner beyond those that are told apart. */
    static final long OTHERS = -1;

    static final long NOBODY = 0;
    static final int BIN_BITS = 20;
    static final int BINS = 1 << 10;
    /** Of a span, a second or so. */
    static final int SPAN_BITS = BIN_BITS + 10;

    /** Of all owners together at most this much is lost by rounding, and belongs to one of them. */
    private static final long ROUNDING_NS = MOST_OWNERS + 1;

    private static final long BIN_NS = 1L << BIN_BITS;

    private final @Nullable Span[] spans = new Span[SPANS];
    private final double[] factors = new double[BINS];
    private long newest = Long.MIN_VALUE;

    /** Takes what an owner has of a time. */
    @FunctionalInterface
    interface EachOwner {
        void held(long cgroup, long ns);
    }

    /** A second. */
    private static final class Span {
        final long number;
        final long[] owners = new long[MOST_OWNERS + 1];
        final int[][] all = new int[MOST_OWNERS + 1][];
        final int[][] writes = new int[MOST_OWNERS + 1][];
        final long[] sum = new long[BINS];
        final long[] sumOfWrites = new long[BINS];
        int size;

        Span(long number) {
            this.number = number;
        }

        int slot(long owner) {
            for (int at = 0; at < size; at++) {
                if (owners[at] == owner) {
                    return at;
                }
            }
            if (size >= MOST_OWNERS) {
                owners[MOST_OWNERS] = OTHERS;
                size = MOST_OWNERS + 1;
                return room(MOST_OWNERS);
            }
            owners[size] = owner;
            return room(size++);
        }

        private int room(int slot) {
            if (all[slot] == null) {
                all[slot] = new int[BINS];
                writes[slot] = new int[BINS];
            }
            return slot;
        }
    }

    /** A request that was on the device for this time. */
    void add(long owner, boolean write, long fromNs, long toNs) {
        if (toNs <= fromNs) {
            return;
        }
        newest = Math.max(newest, (toNs - 1) >> SPAN_BITS);
        long from = Math.max(fromNs, oldestNs());
        Span span = null;
        int slot = 0;
        for (long bin = from >> BIN_BITS; bin <= (toNs - 1) >> BIN_BITS; bin++) {
            if (span == null || span.number != bin >> (SPAN_BITS - BIN_BITS)) {
                span = span(bin >> (SPAN_BITS - BIN_BITS));
                slot = span.slot(owner);
            }
            int at = (int) bin & (BINS - 1);
            int ns = (int) overlap(bin, from, toNs);
            span.all[slot][at] = saturated(span.all[slot][at] + ns);
            span.sum[at] += ns;
            if (write) {
                span.writes[slot][at] = saturated(span.writes[slot][at] + ns);
                span.sumOfWrites[at] += ns;
            }
        }
    }

    private static int saturated(int sum) {
        return sum < 0 ? Integer.MAX_VALUE : sum;
    }

    private static long overlap(long bin, long fromNs, long toNs) {
        return Math.min(toNs, (bin + 1) << BIN_BITS) - Math.max(fromNs, bin << BIN_BITS);
    }

    private Span span(long number) {
        int at = (int) number & (SPANS - 1);
        Span span = spans[at];
        if (span == null || span.number != number) {
            span = new Span(number);
            spans[at] = span;
        }
        return span;
    }

    private long oldestNs() {
        return (newest - SPANS + 1) << SPAN_BITS;
    }

    /**
     * Divides time that somebody waited in a second among those who had requests in flight meanwhile, bin by bin, in
     * proportion; where they were in flight for less than the wait, nobody has the rest.
     *
     * @param waits ns per bin
     * @param each is told amounts that add up to the waits, once per owner
     */
    void divide(long number, int[] waits, boolean writesOnly, EachOwner each) {
        double[] held = new double[MOST_OWNERS + 1];
        long left = 0;
        for (int ns : waits) {
            left += ns;
        }
        Span span = spans[(int) number & (SPANS - 1)];
        long last = NOBODY;
        if (span != null && span.number == number) {
            divide(span, waits, writesOnly, held);
            for (int slot = 0; slot < span.size; slot++) {
                long share = Math.min(left, (long) held[slot]);
                if (share > 0) {
                    each.held(span.owners[slot], share);
                    left -= share;
                    last = span.owners[slot];
                }
            }
        }
        if (left > 0) {
            each.held(left > ROUNDING_NS ? NOBODY : last, left);
        }
    }

    private void divide(Span span, int[] waits, boolean writesOnly, double[] held) {
        long[] sums = writesOnly ? span.sumOfWrites : span.sum;
        for (int bin = 0; bin < BINS; bin++) {
            // Several threads may wait at the same time: together they need no more than a full bin.
            long whole = Math.max(sums[bin], Math.min(waits[bin], BIN_NS));
            factors[bin] = whole == 0 ? 0 : (double) waits[bin] / whole;
        }
        for (int slot = 0; slot < span.size; slot++) {
            int[] bins = writesOnly ? span.writes[slot] : span.all[slot];
            double sum = 0;
            for (int bin = 0; bin < BINS; bin++) {
                sum += factors[bin] * bins[bin];
            }
            held[slot] = sum;
        }
    }
}
