package dev.writescope.detect;

import dev.writescope.detect.Traffic.Change;
import dev.writescope.detect.Traffic.Scenario;
import java.util.Locale;
import org.HdrHistogram.AbstractHistogram;

/** How often an alarm is raised while nothing is wrong. */
final class FalseAlarms {
    private static final int[] RATES = {5, 50, 500, 5_000};
    private static final int DAY = 86_400;
    private static final int HOUR = 3_600;

    private FalseAlarms() {}

    /** A second of latencies, whose own histogram is valid until the next call. */
    @FunctionalInterface
    interface Seconds {
        AbstractHistogram next(long second);
    }

    /** What several rules made of the same days. */
    private record Count(long ours, long ratio, long sigma) {}

    static void simulated(double days) {
        System.out.printf(
                Locale.ROOT,
                "False alarms per container and day, nothing being wrong: %.3g simulated days a row, half of them one"
                        + " long run,%nhalf of them the first hours of new series. In brackets what the rate is below"
                        + " with 95 %% confidence.%n",
                2 * days);
        System.out.printf(
                "%-24s%9s%20s%20s%14s%18s%n",
                "", "events/s", "writescope", "in first hours", "P99 > 1.5 x", "EWMA + 3 sigma");
        long ours = 0;
        long first = 0;
        for (Scenario scenario : Scenario.values()) {
            for (int rate : RATES) {
                Traffic traffic = new Traffic(scenario, rate, 31L * scenario.label.hashCode() + rate);
                Count count = count(days, DAY * 1000L, second -> traffic.next(second, Change.NONE));
                Count young = count(days, HOUR, second -> traffic.next(second, Change.NONE));
                print(scenario.label, String.valueOf(rate), days, count, young);
                ours += count.ours;
                first += young.ours;
            }
        }
        int rows = Scenario.values().length * RATES.length;
        System.out.printf("%-33s%20s%20s%n", "all", bounded(ours, rows * days), bounded(first, rows * days));
    }

    static void recorded(String file, double days, Seconds seconds) {
        System.out.printf("%nThe same, on blocks of seconds drawn from a recording%n");
        Count count = count(days, DAY * 1000L, seconds);
        print(file, "", days, count, count(days, HOUR, seconds));
    }

    private static void print(String what, String rate, double days, Count count, Count young) {
        System.out.printf(
                Locale.ROOT,
                "%-24s%9s%20s%20s%14.1f%18.1f%n",
                what,
                rate,
                bounded(count.ours, days),
                bounded(young.ours, days),
                count.ratio / days,
                count.sigma / days);
    }

    private static String bounded(long alarms, double days) {
        return String.format(Locale.ROOT, "%.2f (< %.2f)", alarms / days, most(alarms) / days);
    }

    /** The mean of a Poisson number that is so small with 5 % probability (Wilson and Hilferty). */
    private static double most(long alarms) {
        double degrees = 2.0 * alarms + 2;
        double cube = 1 - 2 / (9 * degrees) + 1.645 * Math.sqrt(2 / (9 * degrees));
        return degrees / 2 * cube * cube * cube;
    }

    /** @param lifetime seconds until all begin anew */
    private static Count count(double days, long lifetime, Seconds seconds) {
        Judged judged = new Judged();
        NaiveRules naive = new NaiveRules();
        long alarms = 0;
        for (long second = 0; second < days * DAY; second++) {
            if (second % lifetime == 0) {
                judged = new Judged();
            }
            AbstractHistogram latencies = seconds.next(second);
            naive.second(latencies);
            alarms += judged.alarm(second, latencies) == null ? 0 : 1;
        }
        return new Count(alarms, naive.ratioAlarms, naive.sigmaAlarms);
    }
}
