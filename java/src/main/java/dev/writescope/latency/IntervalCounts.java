package dev.writescope.latency;

import java.util.Arrays;

/**
 * Counts per bucket of one interval: HdrHistogram's counting loop without what an interval does not need (resizing by
 * exception, volatile extremes, a total that its series keeps anyway), which is half the time per value. It grows to the
 * largest value seen. Ints are enough: the longest interval is ten minutes.
 */
final class IntervalCounts {
    private final Buckets buckets;
    private int[] counts = new int[256];

    IntervalCounts(Buckets buckets) {
        this.buckets = buckets;
    }

    int digits() {
        return buckets.digits();
    }

    void record(long value) {
        int bucket = buckets.of(value);
        if (bucket >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(bucket + 1, counts.length * 3 / 2));
        }
        counts[bucket]++;
    }

    void reset() {
        Arrays.fill(counts, 0);
    }

    void forEach(Latencies.EachValue taker) {
        for (int bucket = 0; bucket < counts.length; bucket++) {
            if (counts[bucket] > 0) {
                taker.values(buckets.lowest(bucket), counts[bucket]);
            }
        }
    }

    /** The highest value of the bucket that holds the value of a rank, counted from 1. */
    long highestAt(long rank) {
        long seen = 0;
        for (int bucket = 0; bucket < counts.length; bucket++) {
            seen += counts[bucket];
            if (seen >= rank) {
                return buckets.highestLike(buckets.lowest(bucket));
            }
        }
        throw new IllegalArgumentException("fewer than " + rank + " values");
    }

    long lowest() {
        int bucket = 0;
        while (counts[bucket] == 0) {
            bucket++;
        }
        return buckets.lowest(bucket);
    }
}
