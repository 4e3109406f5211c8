package dev.writescope.view;

import dev.writescope.container.Container;
import dev.writescope.container.MountClass;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Judge;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.IntCountsHistogram;

/** Records to feed to views. */
final class Sample {
    static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    static final String HOSTILE = "a\"\\\n\r\t\u0000\u001b[31m\u007f\u0085\u009b2J\u2028\u202eevil\ud83d\ude00é";
    static final Place DATA = new Place("ext4", "8:16", "/data", MountClass.VOLUME);
    static final Place ROOT = new Place("overlay", "0:53", "/", MountClass.UPPERDIR);
    static final Place DISK = new Place("", "8:16", "", null);

    private Sample() {}

    static Container container(String name) {
        return new Container(Container.Type.CONTAINER, name, name + "0123", "docker", "", "", "", "", "");
    }

    static Container pod(String namespace, String pod, String name) {
        return new Container(
                Container.Type.CONTAINER, name, "f00d", "containerd", namespace, pod, "uid", "image:1", "");
    }

    static SeriesInterval series(Container container, Kind kind, Place place, long... latencies) {
        return series(new SeriesKey(container, 4711, kind, Stage.TOTAL, place), latencies);
    }

    /** Each operation carries 4096 bytes; none failed. */
    static SeriesInterval series(SeriesKey key, long... latencies) {
        IntCountsHistogram histogram = new IntCountsHistogram(1, 60_000_000_000L, 2);
        histogram.setAutoResize(true);
        long min = Long.MAX_VALUE;
        long max = 0;
        long sum = 0;
        for (long latency : latencies) {
            histogram.recordValue(latency);
            min = Math.min(min, latency);
            max = Math.max(max, latency);
            sum += latency;
        }
        return new SeriesInterval(
                key,
                latencies.length,
                0,
                4096L * latencies.length,
                latencies.length == 0 ? 0 : min,
                max,
                sum,
                histogram);
    }

    static List<SeriesInterval> request(Container container, long queue, long device) {
        return List.of(
                series(new SeriesKey(container, 7, Kind.BLOCK_WRITE, Stage.QUEUE, DISK), queue),
                series(new SeriesKey(container, 7, Kind.BLOCK_WRITE, Stage.DEVICE, DISK), device),
                series(new SeriesKey(container, 7, Kind.BLOCK_WRITE, Stage.TOTAL, DISK), queue + device));
    }

    /** Two syncs or writes of 10 ms each, of which the first was taken apart. */
    static List<SeriesInterval> phases(Container container, Kind kind) {
        return List.of(
                series(new SeriesKey(container, 7, kind, Stage.RUNNING, DATA), 1_000_000),
                series(new SeriesKey(container, 7, kind, Stage.COMMIT_DATA, DATA), 7_000_000),
                series(new SeriesKey(container, 7, kind, Stage.QUEUE, DATA), 2_000_000),
                series(new SeriesKey(container, 7, kind, Stage.TOTAL, DATA), 10_000_000, 10_000_000));
    }

    static Interval interval(int second, SeriesInterval... series) {
        return interval(second, List.of(series), List.of(), Losses.NONE);
    }

    static Interval interval(int second, List<SeriesInterval> series, List<SlowEvent> slow, Losses lost) {
        return new Interval(NOON.plusSeconds(second), Duration.ofSeconds(1), series, slow, lost);
    }

    static SlowEvent slow(Container container, String comm, String file) {
        return new SlowEvent(
                NOON.plusMillis(1234),
                container,
                Kind.FDATASYNC,
                1_230_000_000L,
                4211,
                4217,
                comm,
                file,
                8192,
                16384,
                "8:16",
                Map.of("underlying", 1_190_000_000L));
    }

    /** The P99 of its fsyncs, from 2.1 to 93 ms within 16 seconds. */
    static Regression regression(Instant time, Container container, Regression.State state) {
        return new Regression(
                time,
                container,
                Operation.FSYNC,
                null,
                null,
                0.99,
                2_100_000,
                93_000_000,
                time.minusSeconds(16),
                state);
    }

    /** One that finds nothing and is in this state. */
    static Judge judge(Judge.State state) {
        return new Judge() {
            @Override
            public List<Regression> judge(Interval interval) {
                return List.of();
            }

            @Override
            public State state() {
                return state;
            }
        };
    }

    static Interval flagged(int second, List<SeriesInterval> series, Regression... regressions) {
        Interval plain = interval(second, series, List.of(), Losses.NONE);
        return plain.judgedBy(interval -> List.of(regressions));
    }

    static RunStart start() {
        return new RunStart(
                NOON,
                "0.1.0",
                "node-7",
                "6.12.0-test",
                "x86_64, 7 × CPU",
                "v2",
                Duration.ofSeconds(1),
                2,
                List.of("db*"),
                List.of(
                        new Coverage(Operation.FSYNC, "tp_btf", List.of()),
                        new Coverage(Operation.WRITE, "fentry", List.of("io_uring")),
                        new Coverage(Operation.BLOCK, "tp_btf", List.of("bio-only drivers"))));
    }

    static RunEnd end(List<SeriesInterval> totals, Losses lost) {
        return new RunEnd(NOON, Duration.ofSeconds(23), totals, 10_007, 101, lost, 0.37, 61_003_000);
    }
}
