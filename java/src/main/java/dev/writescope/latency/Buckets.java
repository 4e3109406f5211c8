package dev.writescope.latency;

/**
 * HdrHistogram's bucket layout as arithmetic: up to a power of two every value has a bucket of its own; from there on
 * each power of two has half as many buckets. A bucket's number grows with its values.
 */
public final class Buckets {
    private final int digits;
    private final int bits;

    /** @param digits significant decimal digits, 0 to 5 */
    public Buckets(int digits) {
        this.digits = digits;
        // As in HdrHistogram: room for 2 × 10^digits values of one unit, rounded up to a power of two.
        this.bits = 64 - Long.numberOfLeadingZeros(2 * (long) Math.pow(10, digits) - 1);
    }

    public int digits() {
        return digits;
    }

    /** The bucket of a value, which may not be negative. */
    public int of(long value) {
        int shift = shift(value);
        return (shift << (bits - 1)) + (int) (value >>> shift);
    }

    /** The lowest value in a bucket. */
    public long lowest(int bucket) {
        int shift = Math.max(0, (bucket >>> (bits - 1)) - 1);
        return (long) (bucket - (shift << (bits - 1))) << shift;
    }

    /** The highest value in the bucket of a value: what a percentile in that bucket is said to be. */
    long highestLike(long value) {
        return value | ((1L << shift(value)) - 1);
    }

    private int shift(long value) {
        return Math.max(0, 64 - Long.numberOfLeadingZeros(value) - bits);
    }
}
