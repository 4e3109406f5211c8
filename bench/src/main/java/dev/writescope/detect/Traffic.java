package dev.writescope.detect;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.HdrHistogram.AbstractHistogram;

/** Simulated latencies of one container's fsync, second by second: what real ones do to a detector, and more. */
final class Traffic {
    /** What goes on without anything being wrong. */
    enum Scenario {
        INDEPENDENT("independent"),
        LOAD("load states"),
        COMMITS("commit every 5 s"),
        REAL("load, commits, stalls"),
        DRIFT("time of day"),
        STEPS("rate steps");

        final String label;

        Scenario(String label) {
            this.label = label;
        }

        boolean loaded() {
            return this == LOAD || this == REAL;
        }

        boolean commits() {
            return this == COMMITS || this == REAL;
        }
    }

    /**
     * What goes wrong.
     *
     * @param part of the calls that gets slower by the factor; 0 for those that belong to the slowest 2 % anyway, so
     *     that P99 grows by the factor
     */
    record Change(String label, double part, double factor) {
        static final Change NONE = new Change("none", 1, 1);

        Distribution applyTo(Distribution calls, double tail) {
            return part == 0 ? calls.slowerBeyond(tail, factor) : calls.partly(part, factor);
        }
    }

    /** What decides how calls are in a second. */
    private record State(double slower, double rate, boolean commit, boolean stall, Change change) {
        Distribution calls() {
            Distribution calls = Distribution.CALLS.slower(slower);
            calls = commit ? calls.partly(0.1, 10) : calls;
            return stall ? calls.partly(0.3, 20) : calls;
        }
    }

    private static final double[] LOADS = {1, 1.3, 1.7};
    private static final double DAY = 86_400;
    /** The day passes in so many steps, and rates change in steps of a quarter. */
    private static final int DAY_STEPS = 144;

    private static final double QUARTER = 1.25;

    private final Scenario scenario;
    private final double rate;
    private final SplittableRandom random;
    private final double tail;
    private final Map<State, Arrivals> arrivals = new HashMap<>();
    private final AbstractHistogram histogram = Arrivals.histogram();
    private int load;
    private int stalled;
    private double step = 1;

    Traffic(Scenario scenario, double rate, long seed) {
        this.scenario = scenario;
        this.rate = rate;
        this.random = new SplittableRandom(seed);
        this.tail = usually(scenario).quantile(0.98);
    }

    /** What a scenario's calls are like on the average. */
    private static Distribution usually(Scenario scenario) {
        Distribution calls = x -> {
            double sum = 0;
            double all = 0;
            for (double each : scenario.loaded() ? LOADS : new double[] {1}) {
                sum += each * Distribution.CALLS.share(x / each);
                all += each;
            }
            return sum / all;
        };
        return scenario.commits() ? calls.partly(0.1 / 5, 10) : calls;
    }

    /** The next second; valid until the next call. */
    AbstractHistogram next(long second, Change change) {
        arrivals.computeIfAbsent(
                        state(second, change),
                        now -> new Arrivals(change.applyTo(now.calls(), tail), rate * now.rate()))
                .draw(random, histogram);
        return histogram;
    }

    private State state(long second, Change change) {
        double slower = 1;
        double faster = 1;
        if (scenario.loaded()) {
            if (random.nextDouble() < (scenario == Scenario.LOAD ? 1 / 30.0 : 1 / 60.0)) {
                load = random.nextInt(LOADS.length);
            }
            slower = LOADS[load];
            faster = LOADS[load];
        }
        if (scenario == Scenario.REAL) {
            stalled = stalled > 0 ? stalled - 1 : random.nextDouble() < 1 / 3600.0 ? 2 : 0;
        }
        if (scenario == Scenario.DRIFT) {
            double day = Math.sin(2 * Math.PI * Math.floor(second / DAY * DAY_STEPS) / DAY_STEPS);
            slower = 1 + 0.3 * day;
            faster = 1 + 0.7 * day;
        }
        if (scenario == Scenario.STEPS) {
            if (random.nextDouble() < 1 / 600.0) {
                step = Math.pow(QUARTER, random.nextInt(-7, 8));
            }
            faster = step;
        }
        return new State(slower, faster, scenario.commits() && second % 5 == 0, stalled > 0, change);
    }
}
