package dev.writescope.detect;

import dev.writescope.latency.Buckets;
import dev.writescope.latency.Latencies;
import java.util.Arrays;

/**
 * Latencies of one series counted in buckets a sixteenth of an octave wide, which are cheap to keep and fine enough to
 * judge by: a change of interest is four of them. Only the stretch of buckets that the series uses takes room.
 */
final class TickCounts implements Latencies.EachValue {
    static final Buckets BUCKETS = new Buckets(1);
    static final int SIZE = BUCKETS.of(Long.MAX_VALUE) + 1;
    private static final int MARGIN = 16;

    /** Counts of the buckets from {@link #base} on. */
    private int[] counts = {};

    private int base;
    /** What is used of the counts; nothing if the first is not below the end. */
    private int first = Integer.MAX_VALUE;

    private int end;
    private int total;

    @Override
    public void values(long latencyNs, long count) {
        add(BUCKETS.of(latencyNs), (int) count);
    }

    void add(int bucket, int count) {
        if (bucket < base || bucket >= base + counts.length) {
            widen(bucket);
        }
        int at = bucket - base;
        counts[at] += count;
        first = Math.min(first, at);
        end = Math.max(end, at + 1);
        total += count;
    }

    private void widen(int bucket) {
        int low = Math.max(0, counts.length == 0 ? bucket - MARGIN : Math.min(base, bucket - MARGIN));
        int high = Math.min(SIZE, Math.max(base + counts.length, bucket + MARGIN));
        int[] wider = new int[high - low];
        System.arraycopy(counts, 0, wider, counts.length == 0 ? 0 : base - low, counts.length);
        if (total > 0) {
            first += base - low;
            end += base - low;
        }
        counts = wider;
        base = low;
    }

    int total() {
        return total;
    }

    /** Values in this bucket and those above it. */
    int from(int bucket) {
        int sum = 0;
        for (int at = Math.max(first, bucket - base); at < end; at++) {
            sum += counts[at];
        }
        return sum;
    }

    /** How many buckets are not empty. */
    int used() {
        int used = 0;
        for (int at = first; at < end; at++) {
            used += counts[at] == 0 ? 0 : 1;
        }
        return used;
    }

    /** Takes buckets and their counts. */
    @FunctionalInterface
    interface EachBucket {
        void bucket(int bucket, int count);
    }

    /** Those that are not empty, in rising order. */
    void forEach(EachBucket taker) {
        for (int at = first; at < end; at++) {
            if (counts[at] > 0) {
                taker.bucket(base + at, counts[at]);
            }
        }
    }

    void clear() {
        if (total > 0) {
            Arrays.fill(counts, first, end, 0);
        }
        first = Integer.MAX_VALUE;
        end = 0;
        total = 0;
    }
}
