package dev.writescope.gate;

import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.Verdict;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;

/**
 * One quantile of one subject, compared repetition by repetition.
 *
 * <p>A repetition is one observation: operations within it depend on each other and on where the scheduler put
 * things, which differs from start to start far more than chance among thousands of operations does. So the figures are
 * medians of each repetition's quantile, and the interval is one of ranks ({@link RankInterval}): of the ratios within
 * pairs when two commands took turns, so that what slowly changes on the machine cancels out; of the shift between the
 * repetitions of both when the baseline is from another time.
 */
final class RepeatedQuantile {
    /** Without so many operations beyond a quantile, in all and in each repetition, there is nothing to estimate. */
    private static final double FEWEST_BEYOND = 20;

    private static final double FEWEST_BEYOND_EACH = 2;

    /** Fewer have no interval with any useful confidence. */
    static final int FEWEST_REPETITIONS = 3;

    private final double quantile;
    private final List<AbstractHistogram> before;
    private final List<AbstractHistogram> after;
    private final boolean paired;

    /** @param paired whether the repetitions belong together one by one */
    RepeatedQuantile(double quantile, List<AbstractHistogram> before, List<AbstractHistogram> after, boolean paired) {
        this.quantile = quantile;
        this.before = before;
        this.after = after;
        this.paired = paired;
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
        long beforeNs = Math.round(Math.exp(median(first)));
        long afterNs = Math.round(Math.exp(median(second)));
        String obstacle = obstacle();
        RankInterval interval = paired
                ? RankInterval.ofPairs(differences(first, second), tail)
                : RankInterval.ofShift(first, second, tail);
        if (obstacle.isEmpty() && Double.isNaN(interval.low())) {
            obstacle = "it is in " + first.length + " and " + second.length + " repetitions, more are needed";
        }
        if (!obstacle.isEmpty()) {
            return new QuantileChange(
                    quantile, beforeNs, afterNs, Double.NaN, Double.NaN, Double.NaN, Verdict.NOT_ENOUGH_DATA, obstacle);
        }
        double low = Math.exp(interval.low());
        double high = Math.exp(interval.high());
        return new QuantileChange(
                quantile,
                beforeNs,
                afterNs,
                Math.exp(interval.middle()),
                low,
                high,
                verdict(low, high, minimumEffect),
                "");
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

    private double[] logs(List<AbstractHistogram> arm) {
        return arm.stream()
                .mapToDouble(each -> Math.log(Math.max(1.0, (double) each.getValueAtPercentile(100 * quantile))))
                .toArray();
    }

    private static double median(double[] values) {
        return RankInterval.ofPairs(values, 1).middle();
    }
}
