package dev.writescope.latency;

import java.util.Arrays;

/**
 * Counts per bucket over a whole run, only of buckets that have any: a few KB, where a histogram of 64-bit counts has
 * 31 KB at 2 digits and 220 KB at 3. One thread.
 */
final class TotalCounts {
    private final Buckets buckets;
    private int[] numbers = new int[32];
    private long[] counts = new long[32];
    private int size;

    TotalCounts(int digits) {
        buckets = new Buckets(digits);
    }

    int digits() {
        return buckets.digits();
    }

    void add(long value, long count) {
        int bucket = buckets.of(value);
        int at = Arrays.binarySearch(numbers, 0, size, bucket);
        if (at < 0) {
            at = -at - 1;
            insert(at, bucket);
        }
        counts[at] += count;
    }

    private void insert(int at, int bucket) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        System.arraycopy(numbers, at, numbers, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        numbers[at] = bucket;
        counts[at] = 0;
        size++;
    }

    void forEach(Latencies.EachValue taker) {
        for (int i = 0; i < size; i++) {
            taker.values(buckets.lowest(numbers[i]), counts[i]);
        }
    }
}
