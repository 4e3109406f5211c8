package dev.writescope.compare;

import java.util.Arrays;

/**
 * What the resamples say of one statistic: how the logarithm of its ratio scatters around the estimate, to either side.
 */
final class Evidence {
    /** A normal distribution has 95 % within. */
    private static final double TWO_SIDED_95 = 1.959964;

    /** The ends of an interval of the ratio. */
    record Range(double low, double high) {}

    private final double logRatio;
    /** Of it, resample by resample; NaN where a resample had no operations. */
    private final float[] deviations;

    private final double down;
    private final double up;
    /** Degrees of freedom of the variance. */
    private final double freedom;

    private final double resolution;

    /**
     * Joins the two recordings.
     *
     * @param logRatio of the statistic, after to before
     * @param before deviations of its logarithm, resample by resample
     * @param resolution half the width of the narrowest interval that the buckets allow for
     */
    Evidence(double logRatio, float[] before, float[] after, Plan planBefore, Plan planAfter, double resolution) {
        this.logRatio = logRatio;
        this.resolution = resolution;
        this.deviations = new float[before.length];
        for (int i = 0; i < deviations.length; i++) {
            deviations[i] = after[i] - before[i];
        }
        boolean runs = planBefore.isOfRuns() || planAfter.isOfRuns();
        double[] sides = runs ? symmetric(deviations) : quantiles(deviations);
        down = sides[0];
        up = sides[1];
        freedom = freedom(variance(before), planBefore.freedom(), variance(after), planAfter.freedom());
    }

    double ratio() {
        return Math.exp(logRatio);
    }

    /** Few runs have few combinations: their variance is of more use than the ends of their distribution. */
    private static double[] symmetric(float[] deviations) {
        double sigma = Math.sqrt(variance(deviations));
        return new double[] {sigma, sigma};
    }

    private static double[] quantiles(float[] deviations) {
        float[] sorted = deviations.clone();
        Arrays.sort(sorted); // NaN last
        int tail = (int) Math.round(0.025 * sorted.length);
        double up = sorted[sorted.length - 1 - tail] / TWO_SIDED_95;
        double down = -sorted[tail] / TWO_SIDED_95;
        return new double[] {Math.max(down, 0), Double.isNaN(up) ? up : Math.max(up, 0)};
    }

    private static double variance(float[] values) {
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            sum += value;
            squares += (double) value * value;
        }
        return Math.max(0, squares / values.length - sum / values.length * (sum / values.length));
    }

    /** Welch and Satterthwaite's, of the difference. */
    private static double freedom(double before, double freedomBefore, double after, double freedomAfter) {
        double all = before + after;
        double parts = before * before / freedomBefore + after * after / freedomAfter;
        return parts > 0 ? all * all / parts : Math.min(freedomBefore, freedomAfter);
    }

    boolean isSound() {
        return Double.isFinite(up) && Double.isFinite(variance(deviations));
    }

    /** How far out a resample is, in standard deviations. */
    double distance(int resample) {
        double deviation = deviations[resample];
        double side = deviation > 0 ? up : down;
        // What the buckets hide is no distance.
        return Math.abs(deviation) / Math.max(side, resolution / TWO_SIDED_95);
    }

    /** @param width on either side, in standard deviations of a normal distribution */
    Range range(double width) {
        double student = student(width, freedom);
        double below = Math.max(student * down, resolution);
        double above = Math.max(student * up, resolution);
        return new Range(Math.exp(logRatio - below), Math.exp(logRatio + above));
    }

    Range range95() {
        return range(TWO_SIDED_95);
    }

    /** Student's t that is as improbable as a normal z, within 1 % (Wallace 1959 with Peizer and Pratt's constants). */
    static double student(double z, double freedom) {
        double scale = (freedom - 5 / 6.0) / Math.pow(freedom - 2 / 3.0 + 1 / (10 * freedom), 2);
        return Math.sqrt(freedom * Math.expm1(scale * z * z));
    }
}
