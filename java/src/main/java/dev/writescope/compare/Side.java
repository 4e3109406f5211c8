package dev.writescope.compare;

import dev.writescope.latency.Buckets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;

/**
 * One recording of one subject: its quantiles, how many independent samples stand behind each, and how resamples
 * scatter around them. Its statistics are the quantiles, in order, and then the rate.
 */
final class Side {
    static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99, 0.999};

    /** The statistic after the quantiles: operations per second. */
    static final int RATE = QUANTILES.length;

    private static final int STATISTICS = RATE + 1;

    /** A correction for what blocks miss that is larger than this says that the recording is too short for it. */
    private static final double MOST_MISSED = 4;

    private final Samples samples;
    private final Timeline timeline;
    private final SparseCounts all;
    private final Cells cells;
    private final Buckets buckets;
    private final double[] logs = new double[STATISTICS];
    private final Autocovariance[] spread = new Autocovariance[STATISTICS];

    /** @param samples at least one operation */
    Side(Samples samples, Timeline timeline, Buckets buckets) {
        this.samples = samples;
        this.timeline = timeline;
        this.buckets = buckets;
        List<SparseCounts> slots = new ArrayList<>(timeline.size());
        for (int slot = 0; slot < timeline.size(); slot++) {
            slots.add(samples.in(slot));
        }
        this.all = SparseCounts.sum(slots);
        this.cells = Cells.of(all, buckets);
        double[] quantileLogs = new double[QUANTILES.length];
        cells.logQuantiles(cells.counts(), QUANTILES, quantileLogs);
        System.arraycopy(quantileLogs, 0, logs, 0, quantileLogs.length);
        double[][] rows = rows();
        double seconds = column(rows, cells.size());
        logs[RATE] = Math.log(samples.count() / seconds);
        spread(rows, seconds);
    }

    Samples samples() {
        return samples;
    }

    /** For the outputs. */
    SubjectSamples asSamples() {
        return new SubjectSamples(
                samples.count(),
                samples.errors(),
                histogram(all),
                new SlotList(timeline, slot -> histogram(samples.in(slot))));
    }

    private AbstractHistogram histogram(SparseCounts counts) {
        Histogram histogram = new Histogram(buckets.digits());
        counts.forEach((bucket, count) -> histogram.recordValueWithCount(buckets.lowest(bucket), count));
        return histogram;
    }

    /** The natural logarithm of a statistic, of a quantile in nanoseconds. */
    double log(int statistic) {
        return logs[statistic];
    }

    double perSecond() {
        return Math.exp(logs[RATE]);
    }

    /** How many samples are beyond a quantile. */
    double beyond(int quantile) {
        return samples.count() * (1 - QUANTILES[quantile]);
    }

    /** How many times more the number of samples beyond a quantile varies than that of independent ones; at least 1. */
    double overdispersion(int quantile) {
        double p = QUANTILES[quantile];
        double independent = samples.count() * p * (1 - p) / timeline.size();
        return Math.max(1, spread[quantile].ofSum() / independent);
    }

    /** In slots, as the quantile's own series would have it. */
    double blockLength(int quantile) {
        return spread[quantile].blockLength();
    }

    /** As the logarithm of a ratio, how exactly a quantile is known even if there is no end of samples. */
    double resolution(int quantile) {
        int bucket = buckets.of((long) Math.exp(logs[quantile]));
        return Math.log((double) buckets.lowest(bucket + 1) / Math.max(1, (double) buckets.lowest(bucket)));
    }

    /** What the deviations of resamples have to be multiplied with to be as large as they should be. */
    private double correction(int statistic, Plan plan, double blockLength) {
        double known = plan.widening();
        double inBlocks = plan.isOfRuns() ? 0 : known * known * spread[statistic].ofSumInBlocks(blockLength);
        double missed = inBlocks > 0 ? spread[statistic].ofSum() / inBlocks : 1;
        return known * Math.sqrt(Math.clamp(missed, 1, MOST_MISSED));
    }

    /** A row per slot: its values per cell, and then its seconds. */
    private double[][] rows() {
        double[][] rows = new double[timeline.size()][cells.size() + 1];
        for (int slot = 0; slot < rows.length; slot++) {
            double[] row = rows[slot];
            samples.in(slot).forEach((bucket, count) -> row[cells.of(bucket)] += count);
            row[cells.size()] = timeline.stretches().get(slot).duration().toNanos() / 1e9;
        }
        return rows;
    }

    private static double column(double[][] rows, int column) {
        double sum = 0;
        for (double[] row : rows) {
            sum += row[column];
        }
        return sum;
    }

    private void spread(double[][] rows, double seconds) {
        int[] segments = timeline.stretches().stream()
                .mapToInt(Timeline.Stretch::segment)
                .toArray();
        double[] totals = new double[rows.length];
        double[] rate = new double[rows.length];
        for (int slot = 0; slot < rows.length; slot++) {
            for (int cell = 0; cell < cells.size(); cell++) {
                totals[slot] += rows[slot][cell];
            }
            rate[slot] = totals[slot] - samples.count() / seconds * rows[slot][cells.size()];
        }
        // How much runs differ is seen when they are drawn: here only what happens within one.
        int[] levels = timeline.segments() < Plan.RUNS ? new int[rows.length] : segments;
        for (int i = 0; i < QUANTILES.length; i++) {
            double[] above = cells.above(logs[i]);
            double[] excess = new double[rows.length];
            for (int slot = 0; slot < rows.length; slot++) {
                for (int cell = 0; cell < above.length; cell++) {
                    excess[slot] += above[cell] * rows[slot][cell];
                }
            }
            level(excess, totals, levels);
            spread[i] = new Autocovariance(excess, segments);
        }
        spread[RATE] = new Autocovariance(rate, segments);
    }

    /** Takes from each slot what it would have if all slots of its level had the same share. */
    private static void level(double[] excess, double[] totals, int[] levels) {
        double[] excesses = new double[levels[levels.length - 1] + 1];
        double[] operations = new double[excesses.length];
        for (int slot = 0; slot < excess.length; slot++) {
            excesses[levels[slot]] += excess[slot];
            operations[levels[slot]] += totals[slot];
        }
        for (int slot = 0; slot < excess.length; slot++) {
            int level = levels[slot];
            excess[slot] -= operations[level] > 0 ? excesses[level] / operations[level] * totals[slot] : 0;
        }
    }

    /**
     * How far the logarithm of each statistic is from its estimate in each resample, made as large as it should be.
     * NaN in resamples without operations.
     */
    float[][] deviations(Plan plan, double blockLength) {
        float[][] sums = plan.sums(rows());
        double[] factors = new double[STATISTICS];
        for (int i = 0; i < STATISTICS; i++) {
            factors[i] = correction(i, plan, blockLength);
        }
        float[][] deviations = new float[STATISTICS][plan.draws().length];
        float[] row = new float[cells.size() + 1];
        float[] weights = new float[cells.size()];
        double[] quantileLogs = new double[QUANTILES.length];
        for (int i = 0; i < plan.draws().length; i++) {
            Arrays.fill(row, 0);
            for (int part : plan.draws()[i]) {
                float[] sum = sums[part];
                for (int cell = 0; cell < row.length; cell++) {
                    row[cell] += sum[cell];
                }
            }
            System.arraycopy(row, 0, weights, 0, weights.length);
            double operations = cells.logQuantiles(weights, QUANTILES, quantileLogs);
            for (int j = 0; j < RATE; j++) {
                deviations[j][i] = operations > 0 ? (float) (factors[j] * (quantileLogs[j] - logs[j])) : Float.NaN;
            }
            deviations[RATE][i] = operations > 0
                    ? (float) (factors[RATE] * (Math.log(operations / row[cells.size()]) - logs[RATE]))
                    : Float.NaN;
        }
        return deviations;
    }
}
