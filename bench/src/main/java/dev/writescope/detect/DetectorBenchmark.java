package dev.writescope.detect;

import dev.writescope.container.Container;
import dev.writescope.detect.Traffic.Change;
import dev.writescope.detect.Traffic.Scenario;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/** False alarms without a change, delays with one, and what judging costs. Arguments: simulated days, runs. */
public final class DetectorBenchmark {
    private static final int[] RATES = {5, 50, 500, 5_000};
    private static final Instant START = Instant.parse("2026-11-24T00:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int QUIET_BEFORE = 1_800;
    private static final int PATIENCE = 900;

    private static final List<Change> CHANGES = List.of(
            new Change("tail x5", 1, 5, true),
            new Change("tail x2", 1, 2, true),
            new Change("tail x1.5", 1, 1.5, true),
            new Change("all x2", 1, 2, false),
            new Change("all x1.5", 1, 1.5, false),
            new Change("all x1.2", 1, 1.2, false),
            new Change("1 % slow (x20)", 0.01, 20, false),
            new Change("0.5 % slow (x20)", 0.005, 20, false));

    private DetectorBenchmark() {}

    public static void main(String[] arguments) {
        double days = Double.parseDouble(arguments[0]);
        int runs = Integer.parseInt(arguments[1]);
        falseAlarms(days);
        delays(runs);
        cost();
    }

    private static SeriesKey key(int number) {
        Container container =
                new Container(Container.Type.CONTAINER, "c" + number, "id" + number, "containerd", "", "", "", "", "");
        return new SeriesKey(container, number, Kind.FSYNC, Stage.TOTAL, new Place("ext4", "7:0", "/", null));
    }

    private static SeriesInterval series(SeriesKey key, AbstractHistogram latencies) {
        return new SeriesInterval(key, latencies.getTotalCount(), 0, 0, 1, 1, 1, latencies);
    }

    private static Interval interval(long second, List<SeriesInterval> series) {
        return new Interval(START.plusSeconds(second), SECOND, series, List.of(), Losses.NONE);
    }

    private static void falseAlarms(double days) {
        System.out.printf(
                Locale.ROOT,
                "False alarms per container and day, nothing being wrong (%.3g days a cell;"
                        + " 0 means below %.2g with 95 %% confidence)%n",
                days,
                3 / days);
        System.out.printf("%-24s%10s%14s%16s%16s%n", "", "events/s", "writescope", "P99 > 1.5 x", "EWMA + 3 sigma");
        SeriesKey key = key(1);
        for (Scenario scenario : Scenario.values()) {
            for (int rate : RATES) {
                // As many events cost as much: busy ones are simulated for a shorter time.
                double simulated = rate == 5_000 ? days / 4 : days;
                Traffic traffic = new Traffic(scenario, rate, 31L * scenario.label.hashCode() + rate);
                Detector detector = new Detector(DetectorSettings.DEFAULT);
                NaiveRules naive = new NaiveRules();
                long alarms = 0;
                for (long second = 0; second < simulated * 86_400; second++) {
                    AbstractHistogram latencies = traffic.next(second, Change.NONE);
                    naive.second(latencies);
                    List<SeriesInterval> all =
                            latencies.getTotalCount() == 0 ? List.of() : List.of(series(key, latencies));
                    for (Regression said : detector.judge(interval(second, all))) {
                        alarms += said.state() == Regression.State.ALARM ? 1 : 0;
                    }
                }
                System.out.printf(
                        Locale.ROOT,
                        "%-24s%10d%14.2f%16.1f%16.1f%n",
                        scenario.label,
                        rate,
                        alarms / simulated,
                        naive.ratioAlarms / simulated,
                        naive.sigmaAlarms / simulated);
            }
        }
    }

    private static void delays(int runs) {
        System.out.printf(
                "%nSeconds from a change to its flag, 500 events/s, after %d quiet minutes (%d runs)%n",
                QUIET_BEFORE / 60, runs);
        System.out.printf("%-24s%-18s%8s%8s%8s%10s%n", "", "", "median", "P90", "found", "quantile");
        for (Scenario scenario : List.of(Scenario.IID, Scenario.REAL)) {
            for (Change change : CHANGES) {
                delays(scenario, change, runs);
            }
        }
    }

    private static void delays(Scenario scenario, Change change, int runs) {
        double[] delays = new double[runs];
        int[] levels = new int[4];
        int found = 0;
        for (int run = 0; run < runs; run++) {
            Regression flag = flag(scenario, change, run);
            delays[run] = Double.POSITIVE_INFINITY;
            if (flag != null) {
                delays[run] = Duration.between(START.plusSeconds(QUIET_BEFORE), flag.time())
                        .toSeconds();
                found++;
                levels[Arrays.binarySearch(new double[] {0.5, 0.9, 0.99, 0.999}, flag.quantile())]++;
            }
        }
        Arrays.sort(delays);
        System.out.printf(
                Locale.ROOT,
                "%-24s%-18s%8.0f%8.0f%7.0f%%   %s%n",
                change.label(),
                scenario.label.equals("independent") ? "independent" : "real",
                delays[runs / 2],
                delays[runs * 9 / 10],
                100.0 * found / runs,
                "P50 %d, P90 %d, P99 %d, P99.9 %d".formatted(levels[0], levels[1], levels[2], levels[3]));
    }

    private static @Nullable Regression flag(Scenario scenario, Change change, int run) {
        Traffic traffic =
                new Traffic(scenario, 500, 1_000_003L * run + change.label().hashCode());
        Detector detector = new Detector(DetectorSettings.DEFAULT);
        SeriesKey key = key(1);
        for (long second = 0; second < QUIET_BEFORE + PATIENCE; second++) {
            AbstractHistogram latencies = traffic.next(second, second < QUIET_BEFORE ? Change.NONE : change);
            for (Regression said : detector.judge(interval(second, List.of(series(key, latencies))))) {
                if (said.state() == Regression.State.ALARM && second >= QUIET_BEFORE) {
                    return said;
                }
            }
        }
        return null;
    }

    private static void cost() {
        System.out.printf("%nWhat judging costs, baselines included%n");
        cost(1, 500, 3 * 3_600);
        cost(10_000, 5, 600);
    }

    private static void cost(int number, int rate, int seconds) {
        List<SeriesKey> keys = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            keys.add(key(i));
        }
        Traffic traffic = new Traffic(Scenario.REAL, rate, 5);
        List<AbstractHistogram> samples = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            samples.add(traffic.next(i, Change.NONE).copy());
        }
        Detector detector = new Detector(DetectorSettings.DEFAULT);
        long total = 0;
        long longest = 0;
        for (int second = 0; second < seconds; second++) {
            List<SeriesInterval> all = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                all.add(series(keys.get(i), samples.get((second + 17 * i) % samples.size())));
            }
            Interval interval = interval(second, all);
            long start = System.nanoTime();
            detector.judge(interval);
            long took = System.nanoTime() - start;
            total += took;
            longest = second < 10 ? 0 : Math.max(longest, took);
        }
        System.out.printf(
                Locale.ROOT,
                "%6d series at %d events/s: %.1f us a series and interval, longest interval %.0f ms, history %.1f MiB%n",
                number,
                rate,
                total / 1e3 / number / seconds,
                longest / 1e6,
                detector.historyBytes() / 1048576.0);
    }
}
