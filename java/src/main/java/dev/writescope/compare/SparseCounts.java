package dev.writescope.compare;

import dev.writescope.latency.Buckets;
import java.util.Arrays;
import org.HdrHistogram.AbstractHistogram;

/**
 * Counts per bucket, only of buckets that have any: two or three bytes each, as pairs of variable-length numbers (how
 * far from the bucket before, how many). Immutable.
 */
final class SparseCounts {
    static final SparseCounts EMPTY = new SparseCounts(new byte[0]);

    private final byte[] pairs;

    private SparseCounts(byte[] pairs) {
        this.pairs = pairs;
    }

    /** Takes the buckets in rising order. */
    interface EachBucket {
        void bucket(int bucket, long count);
    }

    /** Those of a histogram, whose values are at least {@code lowest}, in other buckets. */
    static SparseCounts of(AbstractHistogram histogram, long lowest, Buckets buckets) {
        Writer writer = new Writer();
        boolean alike = histogram.getNumberOfSignificantValueDigits() == buckets.digits();
        long left = histogram.getTotalCount();
        int bucket = buckets.of(Math.min(lowest, histogram.getMinValue()));
        long value = buckets.lowest(bucket);
        while (left > 0) {
            long count = histogram.getCountAtValue(value);
            if (count > 0) {
                writer.add(alike ? bucket : buckets.of(histogram.medianEquivalentValue(value)), count);
                left -= count;
            }
            value = alike ? buckets.lowest(++bucket) : histogram.nextNonEquivalentValue(value);
        }
        return writer.counts();
    }

    /** All of them together. */
    static SparseCounts sum(Iterable<SparseCounts> all) {
        Sum sum = new Sum();
        all.forEach(each -> each.forEach(sum));
        Writer writer = new Writer();
        for (int bucket = 0; bucket < sum.counts.length; bucket++) {
            if (sum.counts[bucket] > 0) {
                writer.add(bucket, sum.counts[bucket]);
            }
        }
        return writer.counts();
    }

    SparseCounts plus(SparseCounts other) {
        if (pairs.length == 0) {
            return other;
        }
        if (other.pairs.length == 0) {
            return this;
        }
        Writer writer = new Writer();
        Reader mine = new Reader(pairs);
        Reader theirs = new Reader(other.pairs);
        while (mine.bucket < Integer.MAX_VALUE || theirs.bucket < Integer.MAX_VALUE) {
            if (mine.bucket <= theirs.bucket) {
                writer.add(mine.bucket, mine.count);
                mine.next();
            } else {
                writer.add(theirs.bucket, theirs.count);
                theirs.next();
            }
        }
        return writer.counts();
    }

    void forEach(EachBucket taker) {
        for (Reader reader = new Reader(pairs); reader.bucket < Integer.MAX_VALUE; reader.next()) {
            taker.bucket(reader.bucket, reader.count);
        }
    }

    int bytes() {
        return pairs.length;
    }

    long total() {
        long total = 0;
        for (Reader reader = new Reader(pairs); reader.bucket < Integer.MAX_VALUE; reader.next()) {
            total += reader.count;
        }
        return total;
    }

    private static final class Sum implements EachBucket {
        private long[] counts = new long[1024];

        @Override
        public void bucket(int bucket, long count) {
            if (bucket >= counts.length) {
                counts = Arrays.copyOf(counts, Math.max(bucket + 1, 2 * counts.length));
            }
            counts[bucket] += count;
        }
    }

    private static final class Reader {
        private final byte[] pairs;
        private int at;

        /** The largest number after the last one. */
        private int bucket;

        private long count;

        Reader(byte[] pairs) {
            this.pairs = pairs;
            next();
        }

        void next() {
            if (at == pairs.length) {
                bucket = Integer.MAX_VALUE;
                return;
            }
            bucket += (int) number();
            count = number();
        }

        private long number() {
            long number = 0;
            for (int shift = 0; ; shift += 7) {
                byte part = pairs[at++];
                number |= (part & 0x7fL) << shift;
                if (part >= 0) {
                    return number;
                }
            }
        }
    }

    /** Adds what comes for the same bucket together. */
    private static final class Writer {
        private static final int LONGEST_NUMBER = 10;

        private byte[] pairs = new byte[256];
        private int size;
        private int written;
        private int bucket;
        private long count;

        void add(int next, long more) {
            if (next != bucket && count > 0) {
                write();
            }
            bucket = next;
            count += more;
        }

        SparseCounts counts() {
            if (count > 0) {
                write();
            }
            return new SparseCounts(Arrays.copyOf(pairs, size));
        }

        private void write() {
            if (size + 2 * LONGEST_NUMBER > pairs.length) {
                pairs = Arrays.copyOf(pairs, 2 * pairs.length);
            }
            number(bucket - written);
            number(count);
            written = bucket;
            count = 0;
        }

        private void number(long number) {
            long left = number;
            while (left > 0x7f) {
                pairs[size++] = (byte) (left | 0x80);
                left >>>= 7;
            }
            pairs[size++] = (byte) left;
        }
    }
}
