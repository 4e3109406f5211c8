package dev.writescope.compare;

import dev.writescope.container.Container;
import dev.writescope.container.MountClass;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Place;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.HdrHistogram.Histogram;

/** A recording in the making: some series of lognormal latencies, and how the run went. */
final class Scene {
    static final Instant SIX = Instant.parse("2026-11-24T06:00:00Z");

    final String file;
    Instant start;
    String host = "node-7";
    String kernel = "6.12.0";
    int digits = 2;
    double sigma = 0.4;
    /** What latencies are multiplied with in each second since the start. */
    IntToDoubleFunction factorOfSecond = _ -> 1;

    Duration interval = Duration.ofSeconds(1);
    Losses lost = Losses.NONE;
    List<Coverage> coverage = List.of(
            new Coverage(Operation.FSYNC, "tp_btf", List.of("io_uring")),
            new Coverage(Operation.WRITE, "fentry", List.of()));
    private final List<Source> sources = new ArrayList<>();

    /** Something that does operations: its latencies have this median. */
    record Source(Container container, Kind kind, Place place, double perSecond, double medianNs, double errors) {}

    private Scene(String file, Instant start) {
        this.file = file;
        this.start = start;
    }

    /** At six. */
    static Scene before() {
        return new Scene("before.hlog", SIX);
    }

    /** At nine. */
    static Scene after() {
        return new Scene("after.hlog", SIX.plus(Duration.ofHours(3)));
    }

    static Container container(String name) {
        return new Container(Container.Type.CONTAINER, name, "c0ffee" + name, "docker", "", "", "", "", "");
    }

    static Container inPod(String namespace, String pod, String name) {
        return new Container(
                Container.Type.CONTAINER, name, "c0ffee" + pod, "containerd", namespace, pod, "uid", "", "");
    }

    static Place volume(String mount, String options) {
        return new Place("ext4", "259:1", mount, MountClass.VOLUME, options);
    }

    Scene with(Container container, Kind kind, Place place, double perSecond, double medianNs) {
        sources.add(new Source(container, kind, place, perSecond, medianNs, 0));
        return this;
    }

    Scene with(Source source) {
        sources.add(source);
        return this;
    }

    /** 211 fsyncs a second of a container, to a volume. */
    Scene fsyncs(String name, double medianNs) {
        return with(container(name), Kind.FSYNC, volume("/data", "rw,relatime"), 211, medianNs);
    }

    Recorded run(int seconds, long seed) {
        return run(List.of(List.of(0, seconds)), seed);
    }

    /** Several runs of so many seconds each, every so many seconds. */
    Recorded runs(int runs, int seconds, int every, long seed) {
        List<List<Integer>> stretches = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
            stretches.add(List.of(i * every, i * every + seconds));
        }
        return run(stretches, seed);
    }

    private Recorded run(List<List<Integer>> stretches, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Recorded.Builder recorded = new Recorded.Builder(file);
        recorded.start(startOfRun());
        for (List<Integer> stretch : stretches) {
            for (int i = stretch.getFirst(); i < stretch.getLast(); i++) {
                recorded.interval(interval(i, random));
            }
        }
        return recorded.build(false);
    }

    RunStart startOfRun() {
        return new RunStart(
                start, "0.1.0", host, kernel, "x86_64, 7 × CPU", "v2", interval, digits, List.of(), coverage);
    }

    Interval interval(int number, SplittableRandom random) {
        List<SeriesInterval> series = new ArrayList<>();
        for (Source source : sources) {
            SeriesInterval one = series(source, number, random);
            if (one.count() > 0) {
                series.add(one);
            }
        }
        return new Interval(
                start.plus(interval.multipliedBy(number)),
                interval,
                series,
                List.of(),
                number == 0 ? lost : Losses.NONE);
    }

    private SeriesInterval series(Source source, int number, SplittableRandom random) {
        Histogram histogram = new Histogram(digits);
        double expected = source.perSecond * interval.toNanos() / 1e9;
        int count = (int) (expected + random.nextDouble());
        double median = source.medianNs * factorOfSecond.applyAsDouble(number);
        for (int i = 0; i < count; i++) {
            histogram.recordValue((long) Math.max(1, median * Math.exp(sigma * random.nextGaussian())));
        }
        return new SeriesInterval(
                new SeriesKey(source.container, 7, source.kind, Stage.TOTAL, source.place),
                count,
                (long) (source.errors * count),
                0,
                count == 0 ? 0 : histogram.getMinValue(),
                histogram.getMaxValue(),
                0,
                histogram);
    }
}
