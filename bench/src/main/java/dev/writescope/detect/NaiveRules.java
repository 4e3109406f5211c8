package dev.writescope.detect;

import org.HdrHistogram.AbstractHistogram;

/** What people write first: two rules on the P99 of a second. An alarm that lasts counts once. */
final class NaiveRules {
    private static final int QUIET_AFTER = 60;
    private static final int PERIOD = 600;
    private static final double WEIGHT = 0.02;

    private final AbstractHistogram period = Arrivals.histogram();
    private double baseline;
    private int seconds;
    private double mean;
    private double variance;
    private int ratioQuiet;
    private int sigmaQuiet;
    long ratioAlarms;
    long sigmaAlarms;

    void second(AbstractHistogram latencies) {
        seconds++;
        if (latencies.getTotalCount() == 0) {
            return;
        }
        double p99 = p99(latencies);
        if (baseline > 0 && p99 > 1.5 * baseline) {
            ratioAlarms += ratioQuiet == 0 ? 1 : 0;
            ratioQuiet = QUIET_AFTER;
        } else {
            ratioQuiet = Math.max(0, ratioQuiet - 1);
        }
        period.add(latencies);
        if (seconds % PERIOD == 0) {
            baseline = p99(period);
            period.reset();
        }
        sigma(Math.log(p99));
    }

    /** Within its bucket by rank, so that the coarse buckets do these rules no wrong. */
    private static double p99(AbstractHistogram latencies) {
        long top = latencies.getValueAtPercentile(99);
        double low = latencies.lowestEquivalentValue(top);
        double high = latencies.highestEquivalentValue(top) + 1.0;
        long within = latencies.getCountAtValue(top);
        long upTo = latencies.getCountBetweenValues(0, top);
        double rank = 0.99 * latencies.getTotalCount() - (upTo - within);
        return low + (high - low) * Math.clamp(rank / within, 0, 1);
    }

    private void sigma(double value) {
        boolean warm = seconds > PERIOD;
        if (warm && value > mean + 3 * Math.sqrt(variance)) {
            sigmaAlarms += sigmaQuiet == 0 ? 1 : 0;
            sigmaQuiet = QUIET_AFTER;
        } else {
            sigmaQuiet = Math.max(0, sigmaQuiet - 1);
        }
        double difference = value - mean;
        double weight = warm ? WEIGHT : 1.0 / seconds;
        mean += weight * difference;
        variance = (1 - weight) * (variance + weight * difference * difference);
    }
}
