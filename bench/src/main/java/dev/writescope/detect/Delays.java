package dev.writescope.detect;

import dev.writescope.detect.Traffic.Change;
import dev.writescope.detect.Traffic.Scenario;
import dev.writescope.latency.Regression;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How long it takes until a change is flagged, if it is. */
final class Delays {
    private static final int RATE = 500;
    private static final int QUIET_BEFORE = 5_400;
    private static final int PATIENCE = 900;
    private static final double[] LEVELS = {0.5, 0.9, 0.99, 0.999};

    private static final List<Change> CHANGES = List.of(
            new Change("tail x5", 0, 5),
            new Change("tail x2", 0, 2),
            new Change("tail x1.5", 0, 1.5),
            new Change("all x2", 1, 2),
            new Change("all x1.5", 1, 1.5),
            new Change("all x1.2", 1, 1.2),
            new Change("1 % slow (x20)", 0.01, 20),
            new Change("0.5 % slow (x20)", 0.005, 20));

    private Delays() {}

    static void print(int runs) {
        System.out.printf(
                "%nSeconds from a change to its flag, %d events/s, after %d quiet minutes, %d minutes long (%d runs)%n",
                RATE, QUIET_BEFORE / 60, PATIENCE / 60, runs);
        System.out.printf("%-24s%-24s%8s%8s%8s   %s%n", "", "", "median", "P90", "found", "quantile named");
        for (Scenario scenario : List.of(Scenario.INDEPENDENT, Scenario.LOAD, Scenario.COMMITS, Scenario.REAL)) {
            for (Change change : CHANGES) {
                print(scenario, change, runs);
            }
        }
    }

    private static void print(Scenario scenario, Change change, int runs) {
        double[] delays = new double[runs];
        int[] named = new int[LEVELS.length];
        int found = 0;
        for (int run = 0; run < runs; run++) {
            Regression flag = flag(scenario, change, run);
            delays[run] = Double.POSITIVE_INFINITY;
            if (flag != null) {
                delays[run] = Duration.between(Judged.START.plusSeconds(QUIET_BEFORE), flag.time())
                        .toSeconds();
                found++;
                named[Arrays.binarySearch(LEVELS, flag.quantile())]++;
            }
        }
        Arrays.sort(delays);
        System.out.printf(
                Locale.ROOT,
                "%-24s%-24s%8s%8s%7.0f%%   %s%n",
                scenario.label,
                change.label(),
                seconds(delays[(runs - 1) / 2]),
                seconds(delays[(int) Math.ceil(0.9 * runs) - 1]),
                100.0 * found / runs,
                "P50 %d, P90 %d, P99 %d, P99.9 %d".formatted(named[0], named[1], named[2], named[3]));
    }

    private static String seconds(double delay) {
        return Double.isInfinite(delay) ? "-" : String.valueOf((long) delay);
    }

    private static @Nullable Regression flag(Scenario scenario, Change change, int run) {
        Traffic traffic =
                new Traffic(scenario, RATE, 1_000_003L * run + change.label().hashCode());
        Judged judged = new Judged();
        for (long second = 0; second < QUIET_BEFORE + PATIENCE; second++) {
            boolean changed = second >= QUIET_BEFORE;
            Regression alarm = judged.alarm(second, traffic.next(second, changed ? change : Change.NONE));
            if (alarm != null && changed) {
                return alarm;
            }
        }
        return null;
    }
}
