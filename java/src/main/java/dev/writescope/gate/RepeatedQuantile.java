package dev.writescope.gate;

import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.Verdict;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;

/**
 * One quantile of one subject, compared repetition by repetition.
 *
 * <p>A repetition is one observation: operations within it depend on each other and on where the scheduler put
 * things, which differs from start to start far more than chance among thousands of operations does. So the figures are
 * means of the logarithm of each repetition's quantile, and the interval is Student's: of the differences within pairs
 * when two commands took turns, so that what slowly changes on the machine cancels out; Welch's when the baseline is
 * from another time. Both leave out the extreme eighth of the repetitions on either side (Yuen's trimmed means): one
 * that met a stall of the machine must not decide.
 */
final class RepeatedQuantile {
    /** Without so many operations beyond a quantile, in all and in each repetition, there is nothing to estimate. */
    private static final double FEWEST_BEYOND = 20;

    private static final double FEWEST_BEYOND_EACH = 2;

    /** Two points always lie on a line. */
    static final int FEWEST_REPETITIONS = 3;

    private final double quantile;
    private final List<AbstractHistogram> before;
    private final List<AbstractHistogram> after;
    private final boolean paired;

    RepeatedQuantile(double quantile, List<AbstractHistogram> before, List<AbstractHistogram> after, boolean paired) {
        this.quantile = quantile;
        this.before = before;
        this.after = after;
        this.paired = paired && before.size() == after.size();
    }

    /** Why it cannot be estimated, "" if it can. */
    String obstacle() {
        String ofBaseline = obstacle(before, "of the baseline");
        return ofBaseline.isEmpty() ? obstacle(after, "of the candidate") : ofBaseline;
    }

    private String obstacle(List<AbstractHistogram> arm, String of) {
        if (arm.size() < FEWEST_REPETITIONS) {
            return "it is in " + arm.size() + " repetitions " + of + ", " + FEWEST_REPETITIONS + " are needed";
        }
        double beyond = arm.stream().mapToDouble(this::beyond).sum();
        double each = arm.stream().mapToDouble(this::beyond).min().orElse(0);
        if (beyond < FEWEST_BEYOND || each < FEWEST_BEYOND_EACH) {
            double needed = Math.max(FEWEST_BEYOND / arm.size(), FEWEST_BEYOND_EACH) / (1 - quantile);
            return Math.round(operations(arm)) + " operations in a repetition " + of + ", about "
                    + (long) Math.ceil(needed - 1e-6) + " are needed";
        }
        return "";
    }

    private double beyond(AbstractHistogram repetition) {
        return repetition.getTotalCount() * (1 - quantile) + 1e-6;
    }

    private static double operations(List<AbstractHistogram> arm) {
        return arm.stream()
                .mapToLong(AbstractHistogram::getTotalCount)
                .average()
                .orElse(0);
    }

    /**
     * The change, with the ends of its interval where it can be estimated.
     *
     * @param tail the probability that the truth is below the interval, and the same above it
     * @param minimumEffect what decides its verdict
     */
    QuantileChange change(double tail, double minimumEffect) {
        double[] first = logs(before);
        double[] second = logs(after);
        long beforeNs = Math.round(Math.exp(mean(first)));
        long afterNs = Math.round(Math.exp(mean(second)));
        String obstacle = obstacle();
        if (!obstacle.isEmpty()) {
            return new QuantileChange(
                    quantile, beforeNs, afterNs, Double.NaN, Double.NaN, Double.NaN, Verdict.NOT_ENOUGH_DATA, obstacle);
        }
        double difference = paired ? mean(differences(first, second)) : mean(second) - mean(first);
        double margin = paired ? pairedMargin(differences(first, second), tail) : welchMargin(first, second, tail);
        double low = Math.exp(difference - margin);
        double high = Math.exp(difference + margin);
        return new QuantileChange(
                quantile, beforeNs, afterNs, Math.exp(difference), low, high, verdict(low, high, minimumEffect), "");
    }

    private static Verdict verdict(double low, double high, double minimumEffect) {
        if (low > 1 + minimumEffect) {
            return Verdict.REGRESSED;
        }
        if (high < 1 - minimumEffect) {
            return Verdict.IMPROVED;
        }
        return low >= 1 - minimumEffect && high <= 1 + minimumEffect ? Verdict.NO_CHANGE : Verdict.NOT_ENOUGH_DATA;
    }

    private static double[] differences(double[] first, double[] second) {
        double[] differences = new double[first.length];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = second[i] - first[i];
        }
        return differences;
    }

    private static double pairedMargin(double[] differences, double tail) {
        return StudentT.exceededWith(tail, freedom(differences)) * Math.sqrt(varianceOfMean(differences));
    }

    private static double welchMargin(double[] first, double[] second, double tail) {
        double one = varianceOfMean(first);
        double other = varianceOfMean(second);
        double sum = one + other;
        double parts = one * one / freedom(first) + other * other / freedom(second);
        double freedom = parts > 0 ? sum * sum / parts : freedom(first) + freedom(second);
        return StudentT.exceededWith(tail, freedom) * Math.sqrt(sum);
    }

    /** How many of the values are left out on either side. */
    private static int trimmed(double[] values) {
        return values.length / 8;
    }

    private static double freedom(double[] values) {
        return values.length - 2.0 * trimmed(values) - 1;
    }

    private double[] logs(List<AbstractHistogram> arm) {
        return arm.stream()
                .mapToDouble(each -> Math.log(Math.max(1.0, (double) each.getValueAtPercentile(100 * quantile))))
                .toArray();
    }

    private static double mean(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int out = trimmed(values);
        return Arrays.stream(sorted, out, sorted.length - out).average().orElse(Double.NaN);
    }

    /** Of the trimmed mean; those left out count as if they were the outermost of the others. */
    private static double varianceOfMean(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int out = trimmed(values);
        Arrays.fill(sorted, 0, out, sorted[out]);
        Arrays.fill(sorted, sorted.length - out, sorted.length, sorted[sorted.length - 1 - out]);
        double mean = Arrays.stream(sorted).average().orElse(Double.NaN);
        double squares = Arrays.stream(sorted)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        double kept = sorted.length - 2.0 * out;
        return squares / (sorted.length - 1) * sorted.length / (kept * kept);
    }
}
