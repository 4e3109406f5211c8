package dev.writescope.latency;

import java.util.Arrays;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/**
 * The latencies of one series in nanoseconds, in the cheapest form that holds them; to the outside they are always a
 * HdrHistogram, and all forms have its buckets. A thousand containers with a few operations a second each would need
 * hundreds of megabytes as histograms; as values they need one.
 */
public abstract sealed class Latencies {
    private Latencies() {}

    /** Latencies that are a histogram already, for example because they were read from a recording. */
    public static Latencies of(AbstractHistogram histogram) {
        return new InHistogram(histogram);
    }

    /** Significant decimal digits. */
    public abstract int digits();

    /** As a histogram, perhaps one made for this call; not to be written to. */
    public abstract AbstractHistogram histogram();

    /** Adds them to a histogram of the same number of digits. */
    public abstract void addTo(AbstractHistogram sum);

    /** The highest latency in the bucket that {@code percentile} % reach (the lowest for 0), as HdrHistogram says. */
    public abstract long percentileNs(double percentile);

    /** Takes values and how many there were of each. */
    @FunctionalInterface
    public interface EachValue {
        void values(long latencyNs, long count);
    }

    /** All of them in some order, each somewhere in its bucket. */
    public abstract void forEach(EachValue taker);

    /** Equal if they are the same histogram, whatever form they have. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Latencies that
                && digits() == that.digits()
                && histogram().equals(that.histogram());
    }

    @Override
    public int hashCode() {
        return histogram().hashCode();
    }

    /** The place of a percentile among so many sorted values, from 1; exactly as HdrHistogram rounds it. */
    private static long rank(double percentile, long count) {
        double below = Math.clamp(Math.nextAfter(percentile, Double.NEGATIVE_INFINITY), 0, 100);
        return Math.max(1, (long) Math.ceil(below * count / 100));
    }

    /** A histogram. */
    static final class InHistogram extends Latencies {
        private final AbstractHistogram histogram;

        InHistogram(AbstractHistogram histogram) {
            this.histogram = histogram;
        }

        @Override
        public int digits() {
            return histogram.getNumberOfSignificantValueDigits();
        }

        @Override
        public AbstractHistogram histogram() {
            return histogram;
        }

        @Override
        public void addTo(AbstractHistogram sum) {
            sum.add(histogram);
        }

        @Override
        public long percentileNs(double percentile) {
            return histogram.getValueAtPercentile(percentile);
        }

        @Override
        public void forEach(EachValue taker) {
            histogram
                    .recordedValues()
                    .forEach(bucket -> taker.values(bucket.getValueIteratedTo(), bucket.getCountAtValueIteratedTo()));
        }
    }

    /** A few values, one by one. */
    static final class AsValues extends Latencies {
        private final long[] values;
        private final int count;
        private final Buckets buckets;

        /** @param values their first {@code count} are sorted here, and belong to this from now on */
        AsValues(long[] values, int count, Buckets buckets) {
            this.values = values;
            this.count = count;
            this.buckets = buckets;
            Arrays.sort(values, 0, count);
        }

        long[] values() {
            return values;
        }

        @Override
        public int digits() {
            return buckets.digits();
        }

        @Override
        public AbstractHistogram histogram() {
            AbstractHistogram histogram = new IntCountsHistogram(1, Math.max(2, values[count - 1]), digits());
            addTo(histogram);
            return histogram;
        }

        @Override
        public void addTo(AbstractHistogram sum) {
            for (int i = 0; i < count; i++) {
                sum.recordValue(values[i]);
            }
        }

        @Override
        public long percentileNs(double percentile) {
            if (percentile == 0) {
                return buckets.lowest(buckets.of(values[0]));
            }
            return buckets.highestLike(values[(int) rank(percentile, count) - 1]);
        }

        @Override
        public void forEach(EachValue taker) {
            for (int i = 0; i < count; i++) {
                taker.values(values[i], 1);
            }
        }
    }

    /** Many values, counted. */
    static final class AsCounts extends Latencies {
        private final IntervalCounts counts;
        private final long count;

        AsCounts(IntervalCounts counts, long count) {
            this.counts = counts;
            this.count = count;
        }

        IntervalCounts counts() {
            return counts;
        }

        @Override
        public int digits() {
            return counts.digits();
        }

        @Override
        public AbstractHistogram histogram() {
            AbstractHistogram histogram = new IntCountsHistogram(1, Math.max(2, counts.highestAt(count)), digits());
            addTo(histogram);
            return histogram;
        }

        @Override
        public void addTo(AbstractHistogram sum) {
            counts.forEach(sum::recordValueWithCount);
        }

        @Override
        public long percentileNs(double percentile) {
            return percentile == 0 ? counts.lowest() : counts.highestAt(rank(percentile, count));
        }

        @Override
        public void forEach(EachValue taker) {
            counts.forEach(taker);
        }
    }

    /** The sum of many intervals. */
    static final class AsTotals extends Latencies {
        private final TotalCounts totals;

        AsTotals(TotalCounts totals) {
            this.totals = totals;
        }

        @Override
        public int digits() {
            return totals.digits();
        }

        @Override
        public AbstractHistogram histogram() {
            Histogram histogram = new Histogram(digits());
            addTo(histogram);
            return histogram;
        }

        @Override
        public void addTo(AbstractHistogram sum) {
            totals.forEach(sum::recordValueWithCount);
        }

        @Override
        public long percentileNs(double percentile) {
            return histogram().getValueAtPercentile(percentile);
        }

        @Override
        public void forEach(EachValue taker) {
            totals.forEach(taker);
        }
    }
}
