package dev.writescope.detect;

import dev.writescope.latency.Buckets;
import dev.writescope.latency.Latencies;
import java.util.Arrays;

/**
 * The latencies of one series in one tick, counted in buckets a sixteenth of an octave wide, which are cheap to keep and
 * fine enough to judge by: a change of interest is four of them.
 */
final class TickCounts implements Latencies.EachValue {
    static final Buckets BUCKETS = new Buckets(1);
    static final int SIZE = BUCKETS.of(Long.MAX_VALUE) + 1;

    private final int[] counts = new int[SIZE];
    private int[] used = new int[64];
    private int size;
    private int total;

    @Override
    public void values(long latencyNs, long count) {
        int bucket = BUCKETS.of(latencyNs);
        if (counts[bucket] == 0) {
            if (size == used.length) {
                used = Arrays.copyOf(used, 2 * size);
            }
            used[size++] = bucket;
        }
        counts[bucket] += (int) count;
        total += (int) count;
    }

    int total() {
        return total;
    }

    /** Values in this bucket and those above it. */
    int from(int bucket) {
        int sum = 0;
        for (int i = 0; i < size; i++) {
            if (used[i] >= bucket) {
                sum += counts[used[i]];
            }
        }
        return sum;
    }

    /** The used buckets in rising order. */
    int[] sortedBuckets() {
        Arrays.sort(used, 0, size);
        return used;
    }

    int buckets() {
        return size;
    }

    int count(int bucket) {
        return counts[bucket];
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            counts[used[i]] = 0;
        }
        size = 0;
        total = 0;
    }
}
