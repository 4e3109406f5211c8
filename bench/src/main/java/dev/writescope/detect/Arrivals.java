package dev.writescope.detect;

import dev.writescope.latency.Buckets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.IntCountsHistogram;

/**
 * Draws a second of calls that arrive independently: then the counts of the buckets are independent Poisson numbers, so a
 * busy second costs no more than a quiet one. The buckets are those in which the detector counts.
 */
final class Arrivals {
    private static final Buckets BUCKETS = new Buckets(1);
    /** From here on a normal deviate is as good. */
    private static final double MANY = 40;

    private static final double NEGLIGIBLE = 1e-12;
    private static final double[] DEVIATES = new double[1 << 16];

    static {
        SplittableRandom random = new SplittableRandom(7);
        Arrays.setAll(DEVIATES, _ -> random.nextGaussian());
    }

    private final long[] values;
    private final double[] means;
    private final double[] none;

    Arrivals(Distribution latencies, double perSecond) {
        int first = BUCKETS.of(1 << 14);
        int count = BUCKETS.of(250_000_000_000L) - first;
        long[] allValues = new long[count];
        double[] allMeans = new double[count];
        int used = 0;
        double below = 0;
        for (int i = 0; i < count; i++) {
            long low = BUCKETS.lowest(first + i);
            double upTo = latencies.share((BUCKETS.highestLike(low) + 1) / 1e6);
            if (upTo - below > NEGLIGIBLE) {
                allValues[used] = low;
                allMeans[used++] = perSecond * (upTo - below);
            }
            below = upTo;
        }
        values = Arrays.copyOf(allValues, used);
        means = Arrays.copyOf(allMeans, used);
        none = Arrays.stream(means).map(mean -> Math.exp(-mean)).toArray();
    }

    static IntCountsHistogram histogram() {
        return new IntCountsHistogram(1024, 300_000_000_000L, 1);
    }

    void draw(SplittableRandom random, AbstractHistogram into) {
        into.reset();
        for (int i = 0; i < values.length; i++) {
            int count = means[i] < MANY ? few(random.nextDouble(), none[i], means[i]) : many(random, means[i]);
            if (count > 0) {
                into.recordValueWithCount(values[i], count);
            }
        }
    }

    private static int few(double uniform, double none, double mean) {
        int count = 0;
        double left = uniform;
        double probability = none;
        while (left > probability && count < 4 * MANY) {
            left -= probability;
            probability *= mean / ++count;
        }
        return count;
    }

    private static int many(SplittableRandom random, double mean) {
        return (int) Math.max(0, Math.round(mean + Math.sqrt(mean) * DEVIATES[random.nextInt(DEVIATES.length)]));
    }
}
