package dev.writescope.detect;

import dev.writescope.latency.Buckets;
import dev.writescope.latency.Latencies;
import java.util.Arrays;

/**
 * The latencies of one series in one tick, counted in buckets a sixteenth of an octave wide, which are cheap to keep and
 * fine enough to judge by: a change of interest is four of them. Only buckets with values take room.
 */
final class TickCounts implements Latencies.EachValue {
    static final Buckets BUCKETS = new Buckets(1);
    static final int SIZE = BUCKETS.of(Long.MAX_VALUE) + 1;

    /** In rising order, and how many values each has. */
    private int[] buckets = new int[8];

    private int[] counts = new int[8];
    private int size;
    private int total;

    @Override
    public void values(long latencyNs, long count) {
        add(BUCKETS.of(latencyNs), (int) count);
    }

    void add(int bucket, int count) {
        int at = size > 0 && buckets[size - 1] == bucket ? size - 1 : Arrays.binarySearch(buckets, 0, size, bucket);
        if (at < 0) {
            at = -at - 1;
            insert(at, bucket);
        }
        counts[at] += count;
        total += count;
    }

    private void insert(int at, int bucket) {
        if (size == buckets.length) {
            buckets = Arrays.copyOf(buckets, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        System.arraycopy(buckets, at, buckets, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        buckets[at] = bucket;
        counts[at] = 0;
        size++;
    }

    int total() {
        return total;
    }

    /** Values in this bucket and those above it. */
    int from(int bucket) {
        int sum = 0;
        for (int i = size - 1; i >= 0 && buckets[i] >= bucket; i--) {
            sum += counts[i];
        }
        return sum;
    }

    /** How many buckets have values. */
    int size() {
        return size;
    }

    int bucket(int at) {
        return buckets[at];
    }

    int count(int at) {
        return counts[at];
    }

    void clear() {
        size = 0;
        total = 0;
    }
}
