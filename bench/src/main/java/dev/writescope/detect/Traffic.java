package dev.writescope.detect;

import java.util.SplittableRandom;
import org.HdrHistogram.IntCountsHistogram;

/** Simulated latencies of one container's fsync, second by second: what real ones do to a detector, and more. */
final class Traffic {
    /** What goes on without anything being wrong. */
    enum Scenario {
        IID("independent"),
        LOAD("load states"),
        JOURNAL("commit every 5 s"),
        REAL("load, commits, stalls"),
        DRIFT("time of day"),
        STEPS("rate steps");

        final String label;

        Scenario(String label) {
            this.label = label;
        }
    }

    /** What goes wrong: a share of the calls becomes slower by a factor. */
    record Change(String label, double share, double factor, boolean tailOnly) {
        static final Change NONE = new Change("none", 0, 1, false);
    }

    private static final double TAIL = 0.02;
    private static final double[] LOADS = {1, 1.3, 1.7};

    private final Scenario scenario;
    private final double rate;
    private final SplittableRandom random;
    private final IntCountsHistogram histogram = new IntCountsHistogram(1, 600_000_000_000L, 2);
    private int load;
    private int stalled;
    private double step = 1;

    Traffic(Scenario scenario, double rate, long seed) {
        this.scenario = scenario;
        this.rate = rate;
        this.random = new SplittableRandom(seed);
    }

    /** The next second; valid until the next call. */
    IntCountsHistogram next(long second, Change change) {
        histogram.reset();
        double slower = 1;
        double faster = 1;
        double commit = 0;
        boolean loaded = scenario == Scenario.LOAD || scenario == Scenario.REAL;
        if (loaded) {
            if (random.nextDouble() < (scenario == Scenario.LOAD ? 1 / 30.0 : 1 / 60.0)) {
                load = random.nextInt(LOADS.length);
            }
            slower = LOADS[load];
            faster = LOADS[load];
        }
        if ((scenario == Scenario.JOURNAL || scenario == Scenario.REAL) && second % 5 == 0) {
            commit = 0.1;
        }
        if (scenario == Scenario.REAL) {
            stalled = stalled > 0 ? stalled - 1 : random.nextDouble() < 1 / 3600.0 ? 2 : 0;
        }
        if (scenario == Scenario.DRIFT) {
            double day = 2 * Math.PI * second / 86_400;
            slower = 1 + 0.3 * Math.sin(day);
            faster = 1 + 0.7 * Math.sin(day);
        }
        if (scenario == Scenario.STEPS) {
            if (random.nextDouble() < 1 / 600.0) {
                step = Math.exp(random.nextDouble(-1.6, 1.6));
            }
            faster = step;
        }
        int calls = poisson(rate * faster);
        for (int i = 0; i < calls; i++) {
            histogram.recordValue(latency(slower, commit, change));
        }
        return histogram;
    }

    private long latency(double slower, double commit, Change change) {
        boolean tail = random.nextDouble() < TAIL;
        double milliseconds = tail
                ? 3 * Math.pow(1 - random.nextDouble(), -1 / 2.5)
                : Math.exp(0.5 * Gauss.TABLE[random.nextInt(Gauss.TABLE.length)]);
        milliseconds *= slower;
        if (commit > 0 && random.nextDouble() < commit) {
            milliseconds *= 10;
        }
        if (stalled > 0 && random.nextDouble() < 0.3) {
            milliseconds *= 20;
        }
        if (change.share() > 0 && (!change.tailOnly() || tail) && random.nextDouble() < change.share()) {
            milliseconds *= change.factor();
        }
        return Math.min((long) (milliseconds * 1e6), 600_000_000_000L);
    }

    private int poisson(double mean) {
        if (mean > 60) {
            double normal = mean + Math.sqrt(mean) * Gauss.TABLE[random.nextInt(Gauss.TABLE.length)];
            return (int) Math.max(0, Math.round(normal));
        }
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }

    /** Normal deviates, drawn from a large table: a tenth of the cost. */
    private static final class Gauss {
        static final double[] TABLE = table();

        private static double[] table() {
            SplittableRandom random = new SplittableRandom(7);
            double[] table = new double[1 << 16];
            for (int i = 0; i < table.length; i++) {
                table[i] = random.nextGaussian();
            }
            return table;
        }
    }
}
