package dev.writescope.detect;

import dev.writescope.container.Container;
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
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.IntCountsHistogram;

/** One container's latencies, interval by interval, and what a detector says about them. */
final class Stream {
    static final Instant START = Instant.parse("2026-11-24T06:00:00Z");

    final Detector detector;
    final List<Regression> said = new ArrayList<>();
    SeriesKey key = key("db", Kind.FSYNC);
    Duration length = Duration.ofSeconds(1);
    Losses lost = Losses.NONE;
    /** Each latency's slowness, given a uniform number that says where in the distribution it is: 1 for as usual. */
    DoubleUnaryOperator slower = _ -> 1;

    private final SplittableRandom random;
    private Instant now = START;

    Stream(DetectorSettings settings, long seed) {
        this(new Detector(settings), seed);
    }

    Stream(Detector detector, long seed) {
        this.detector = detector;
        this.random = new SplittableRandom(seed);
    }

    Stream(long seed) {
        this(DetectorSettings.DEFAULT, seed);
    }

    static Container container(String name) {
        return new Container(Container.Type.CONTAINER, name, "id-" + name, "containerd", "", "", "", "", "");
    }

    static SeriesKey key(String name, Kind kind) {
        return key(container(name), kind, Stage.TOTAL, "/data");
    }

    static SeriesKey key(Container container, Kind kind, Stage stage, String mount) {
        return new SeriesKey(container, 101, kind, stage, new Place("ext4", "7:3", mount, null));
    }

    static SeriesInterval series(SeriesKey key, AbstractHistogram latencies) {
        return new SeriesInterval(
                key,
                latencies.getTotalCount(),
                0,
                0,
                latencies.getMinValue(),
                latencies.getMaxValue(),
                latencies.getTotalCount(),
                latencies);
    }

    Instant now() {
        return now;
    }

    /** A body around 1 ms and, for one call in 50, a Pareto tail from 3 ms on: P99 is 4.28 ms. */
    AbstractHistogram latencies(int calls) {
        AbstractHistogram histogram = new IntCountsHistogram(1, 600_000_000_000L, 2);
        for (int i = 0; i < calls; i++) {
            double place = random.nextDouble();
            double milliseconds =
                    place >= 0.98 ? 3 * Math.pow((1 - place) / 0.02, -1 / 2.5) : Math.exp(0.5 * random.nextGaussian());
            histogram.recordValue(
                    Math.min((long) (1e6 * milliseconds * slower.applyAsDouble(place)), 300_000_000_000L));
        }
        return histogram;
    }

    /** So many intervals with so many calls a second each. */
    List<Regression> run(int intervals, int callsPerSecond) {
        int calls = (int) Math.round(callsPerSecond * (length.toNanos() / 1e9));
        int before = said.size();
        for (int i = 0; i < intervals; i++) {
            next(calls == 0 ? List.of() : List.of(series(key, latencies(calls))));
        }
        return said.subList(before, said.size());
    }

    List<Regression> next(List<SeriesInterval> series) {
        List<Regression> found = detector.judge(new Interval(now, length, series, List.of(), lost));
        now = now.plus(length);
        said.addAll(found);
        return found;
    }

    /** A mixture of what a real disk does: a commit that hits every fifth second. */
    static boolean commits(long second) {
        return second % 5 == 0;
    }
}
