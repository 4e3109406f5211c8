package dev.writescope.compare;

import dev.writescope.latency.Buckets;
import java.util.Arrays;

/**
 * The latency axis of one subject, cut into cells: buckets of the histograms, neighbours of which are taken together
 * where that cannot be seen in a quantile from the median up. Between the ends of a cell latencies are taken as evenly
 * spread, so that a quantile moves smoothly although the buckets are 1 % wide.
 */
final class Cells {
    /** A cell holds less than this share of the smaller of what is below and above it. */
    private static final double SHARE = 1 / 40.0;

    /** And is not wider than this, so that no cell spans a gap between two modes. */
    private static final double WIDTH = 1.02;

    /** What is below this share of all is one cell: the median never gets there. */
    private static final double BULK = 0.05;

    private final int[] cellOfBucket;
    private final double[] lowNs;
    private final double[] highNs;
    private final float[] counts;

    private Cells(int[] cellOfBucket, double[] lowNs, double[] highNs, float[] counts) {
        this.cellOfBucket = cellOfBucket;
        this.lowNs = lowNs;
        this.highNs = highNs;
        this.counts = counts;
    }

    /** Cells for counts, of which there are some. */
    static Cells of(SparseCounts all, Buckets buckets) {
        Cutter cutter = new Cutter((double) all.total(), buckets);
        all.forEach(cutter::add);
        return cutter.cells();
    }

    int size() {
        return counts.length;
    }

    /** How many values each cell has in all. */
    float[] counts() {
        return counts;
    }

    /** The cell of a bucket that had values in the counts these cells were made for. */
    int of(int bucket) {
        return cellOfBucket[bucket];
    }

    /**
     * Finds the natural logarithms of quantiles in nanoseconds; they mean nothing where there are no values.
     *
     * @param weights values per cell
     * @param quantiles in rising order
     * @return how many values there are
     */
    double logQuantiles(float[] weights, double[] quantiles, double[] logs) {
        double sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        int cell = 0;
        double below = 0;
        for (int i = 0; i < quantiles.length; i++) {
            double target = quantiles[i] * sum;
            while (cell < weights.length - 1 && below + weights[cell] < target) {
                below += weights[cell++];
            }
            double share = weights[cell] > 0 ? Math.clamp((target - below) / weights[cell], 0, 1) : 0;
            logs[i] = Math.log(lowNs[cell] + share * (highNs[cell] - lowNs[cell]));
        }
        return sum;
    }

    /** The share of each cell's values that is above a latency: 0, 1, or between in the cell that it is in. */
    double[] above(double logNs) {
        double ns = Math.exp(logNs);
        double[] above = new double[size()];
        for (int i = 0; i < above.length; i++) {
            above[i] = Math.clamp((highNs[i] - ns) / (highNs[i] - lowNs[i]), 0, 1);
        }
        return above;
    }

    private static final class Cutter {
        private final Buckets buckets;
        private final double total;
        private int[] cellOfBucket = new int[256];
        private double[] lowNs = new double[64];
        private double[] highNs = new double[64];
        private float[] counts = new float[64];
        private int size;
        private double below;

        Cutter(double total, Buckets buckets) {
            this.total = total;
            this.buckets = buckets;
        }

        void add(int bucket, long count) {
            // 1 ns at least: a latency of 0 has no logarithm.
            double low = Math.max(1.0, (double) buckets.lowest(bucket));
            double high = Math.max(low + 1, (double) buckets.lowest(bucket + 1));
            below += count;
            if (size > 0 && fits(high, count)) {
                highNs[size - 1] = high;
                counts[size - 1] += count;
            } else {
                open(low, high, count);
            }
            if (bucket >= cellOfBucket.length) {
                cellOfBucket = Arrays.copyOf(cellOfBucket, Math.max(bucket + 1, 2 * cellOfBucket.length));
            }
            cellOfBucket[bucket] = size - 1;
        }

        private boolean fits(double high, long count) {
            double rarer = Math.min(below, total - below);
            return below < BULK * total || (counts[size - 1] + count < SHARE * rarer && high < WIDTH * lowNs[size - 1]);
        }

        private void open(double low, double high, long count) {
            if (size == counts.length) {
                lowNs = Arrays.copyOf(lowNs, 2 * size);
                highNs = Arrays.copyOf(highNs, 2 * size);
                counts = Arrays.copyOf(counts, 2 * size);
            }
            lowNs[size] = low;
            highNs[size] = high;
            counts[size++] = count;
        }

        Cells cells() {
            return new Cells(
                    cellOfBucket, Arrays.copyOf(lowNs, size), Arrays.copyOf(highNs, size), Arrays.copyOf(counts, size));
        }
    }
}
