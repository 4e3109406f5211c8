package dev.writescope.detect;

import dev.writescope.detect.Traffic.Change;
import dev.writescope.detect.Traffic.Scenario;
import dev.writescope.latency.Interval;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.AbstractHistogram;

/** What judging costs, baselines included. */
final class Cost {
    private static final int MINUTE = 60;

    private Cost() {}

    static void print(boolean quick) {
        System.out.printf("%nWhat judging costs, baselines included%n");
        System.out.printf(
                "%8s%10s%9s%22s%14s%14s%20s%n",
                "series", "events/s", "minutes", "us/series/interval", "P99 interval", "longest", "KiB/series");
        // The most first: the others are to be measured compiled.
        print(10_000, 5, (quick ? 5 : 15) * MINUTE);
        print(100, 500, (quick ? 15 : 90) * MINUTE);
        print(1, 500, 180 * MINUTE);
    }

    private static void print(int number, int rate, int seconds) {
        List<SeriesKey> keys = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            keys.add(Judged.key(i));
        }
        List<AbstractHistogram> samples = samples(rate);
        long before = heap();
        Detector detector = new Detector(DetectorSettings.DEFAULT);
        long total = 0;
        long[] took = new long[seconds];
        for (int second = 0; second < seconds; second++) {
            List<SeriesInterval> all = new ArrayList<>(number);
            for (int i = 0; i < number; i++) {
                AbstractHistogram latencies = samples.get((second + 17 * i) % samples.size());
                if (latencies.getTotalCount() > 0) {
                    all.add(Judged.series(keys.get(i), latencies));
                }
            }
            Interval interval = Judged.interval(second, all);
            long start = System.nanoTime();
            detector.judge(interval);
            took[second] = System.nanoTime() - start;
            total += took[second];
        }
        double kib = Math.max(0, heap() - before) / 1024.0 / number;
        Arrays.sort(took, MINUTE, seconds);
        System.out.printf(
                Locale.ROOT,
                "%8d%10d%9d%22.1f%11.1f ms%11.1f ms%20.1f%n",
                number,
                rate,
                seconds / MINUTE,
                total / 1e3 / number / seconds,
                took[seconds - 1 - (seconds - MINUTE) / 100] / 1e6,
                took[seconds - 1] / 1e6,
                kib);
        if (detector.historyBytes() == 0) {
            throw new IllegalStateException("nothing was kept");
        }
    }

    private static List<AbstractHistogram> samples(int rate) {
        Traffic traffic = new Traffic(Scenario.REAL, rate, 5);
        List<AbstractHistogram> samples = new ArrayList<>();
        for (int i = 0; i < 499; i++) {
            samples.add(traffic.next(i, Change.NONE).copy());
        }
        return samples;
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
