package dev.writescope.latency;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts per bucket over a whole run, in a few KB, where a histogram of 64-bit counts has 31 KB at 2 digits and 220 KB at
 * 3: a list of the buckets that have any, or, where most have, an array from the lowest to the highest of them. One thread.
 */
final class TotalCounts {
    private static final long CARRY = 1L << 31;
    /** Below so many a list is always small enough. */
    private static final int FEW = 64;
    /** An array's length at most, in buckets that have a count: a list takes twice the room for each. */
    private static final int WIDE = 2;

    private static final int TOO_WIDE = 4;

    private final Buckets buckets;
    private boolean listed = true;
    /** The buckets of the list, rising. */
    private int[] numbers = new int[16];
    /** Of the list's buckets, or of those from {@link #first} on. */
    private int[] counts = new int[16];

    private int size;
    private int first;
    /** What does not fit into 31 bits, by bucket. */
    private final Map<Integer, Long> carried = new HashMap<>(0);

    TotalCounts(int digits) {
        buckets = new Buckets(digits);
    }

    int digits() {
        return buckets.digits();
    }

    void add(long value, long count) {
        int bucket = buckets.of(value);
        int at = listed ? inList(bucket) : inArray(bucket);
        long sum = counts[at] + count;
        if (sum >= CARRY) {
            carried.merge(bucket, sum - sum % CARRY, Long::sum);
            sum %= CARRY;
        }
        counts[at] = (int) sum;
    }

    private int inList(int bucket) {
        int at = Arrays.binarySearch(numbers, 0, size, bucket);
        if (at >= 0) {
            return at;
        }
        at = -at - 1;
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size + size / 2);
            counts = Arrays.copyOf(counts, size + size / 2);
        }
        System.arraycopy(numbers, at, numbers, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        numbers[at] = bucket;
        counts[at] = 0;
        size++;
        int length = numbers[size - 1] - numbers[0] + 1;
        if (size < FEW || length > WIDE * size) {
            return at;
        }
        makeArray(length);
        return bucket - first;
    }

    private void makeArray(int length) {
        int[] array = new int[length];
        first = numbers[0];
        for (int i = 0; i < size; i++) {
            array[numbers[i] - first] = counts[i];
        }
        counts = array;
        numbers = new int[0];
        listed = false;
    }

    private int inArray(int bucket) {
        int from = Math.min(first, bucket);
        int to = Math.max(first + counts.length, bucket + 1);
        if (to - from > counts.length) {
            if (to - from > TOO_WIDE * size) {
                makeList();
                return inList(bucket);
            }
            int[] wider = new int[to - from];
            System.arraycopy(counts, 0, wider, first - from, counts.length);
            counts = wider;
            first = from;
        }
        return bucket - first;
    }

    private void makeList() {
        int[] array = counts;
        int start = first;
        numbers = new int[size + 1];
        counts = new int[size + 1];
        size = 0;
        for (int i = 0; i < array.length; i++) {
            if (array[i] > 0 || carried.containsKey(start + i)) {
                if (size == numbers.length) {
                    numbers = Arrays.copyOf(numbers, array.length + 1);
                    counts = Arrays.copyOf(counts, array.length + 1);
                }
                numbers[size] = start + i;
                counts[size++] = array[i];
            }
        }
        listed = true;
    }

    void forEach(Latencies.EachValue taker) {
        int length = listed ? size : counts.length;
        for (int i = 0; i < length; i++) {
            int bucket = listed ? numbers[i] : first + i;
            long count = counts[i] + carried.getOrDefault(bucket, 0L);
            if (count > 0) {
                taker.values(buckets.lowest(bucket), count);
            }
        }
    }
}
