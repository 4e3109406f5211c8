package dev.writescope.recording;

import dev.writescope.container.Container;
import dev.writescope.container.MountClass;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.latency.Share;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Runs to record in tests. */
final class Samples {
    static final long TWO_HOURS_NS = 7_200_000_000_000L;
    static final Instant TIME = Instant.parse("2026-11-24T06:00:00.123456789Z");

    static final RunStart START = new RunStart(
            TIME,
            "0.1.0",
            "node-7",
            "6.12.0",
            "x86_64, 7 × CPU",
            "v2",
            Duration.ofSeconds(1),
            2,
            List.of("shop/*", "db"),
            List.of(
                    new Coverage(Operation.FSYNC, "tp_btf", List.of("io_uring")),
                    new Coverage(Operation.BLOCK, "raw_tp", List.of())));

    private Samples() {}

    static Container container(String name) {
        return new Container(
                Container.Type.CONTAINER,
                name,
                "c0ffee11",
                "containerd",
                "shop",
                "db-0",
                "9f0c5a9e-0000-4000-8000-000000000007",
                "postgres:17",
                "");
    }

    static SeriesKey key(String name, Kind kind, long cgroupId) {
        return new SeriesKey(
                container(name),
                cgroupId,
                kind,
                Stage.TOTAL,
                new Place("ext4", "259:1", "/var/lib/data", MountClass.VOLUME));
    }

    static SeriesInterval series(SeriesKey key, int digits, long errors, long bytes, long... valuesNs) {
        Histogram histogram = new Histogram(1, TWO_HOURS_NS, digits);
        long min = Long.MAX_VALUE;
        long max = 0;
        long sum = 0;
        for (long value : valuesNs) {
            histogram.recordValue(value);
            min = Math.min(min, value);
            max = Math.max(max, value);
            sum += value;
        }
        return new SeriesInterval(key, valuesNs.length, errors, bytes, min, max, sum, histogram);
    }

    static SlowEvent slow(String file) {
        return new SlowEvent(
                TIME,
                container("db"),
                Kind.FDATASYNC,
                1_900_000_007L,
                4_242,
                4_243,
                "postgres",
                file,
                -1,
                8_209,
                "259:1",
                Map.of("underlying", 1_800_000_011L));
    }

    /** The fdatasyncs of one mount. */
    static Regression regression(String container) {
        return new Regression(
                TIME.plusSeconds(16),
                container(container),
                Operation.FSYNC,
                Kind.FDATASYNC,
                "/var/lib/data",
                0.99,
                2_100_007,
                93_000_017,
                TIME,
                Regression.State.ALARM);
    }

    /** The n-th second of the run. */
    static Interval interval(int n, List<SeriesInterval> series, List<SlowEvent> slow, Losses lost) {
        return new Interval(TIME.plusSeconds(n), Duration.ofNanos(1_000_000_007), series, slow, lost);
    }

    static Share share(String victim, String culprit, long ns) {
        return new Share(container(victim), Operation.FSYNC, Share.Resource.DEVICE, "259:0", container(culprit), ns);
    }

    static Activity activity(String container) {
        return new Activity(
                container(container),
                4_242,
                "postgres",
                "/var/lib/data/wal",
                Kind.BUFFERED,
                new Place("ext4", "259:1", "/var/lib/data", MountClass.VOLUME),
                17,
                8_209,
                70_001);
    }

    /** The same with who held what was waited for. */
    static Interval with(Interval interval, List<Share> shares, List<Activity> activity) {
        return new Interval(
                interval.start(),
                interval.duration(),
                interval.series(),
                interval.slow(),
                interval.lost(),
                interval.regressions(),
                shares,
                activity);
    }

    /** One second with 3 fsyncs and 2 block writes in it, for which db waited. */
    static Interval interval(int n) {
        return with(
                operations(n),
                List.of(share("db", "etl", 1_000_003), share("db", "db", 700_001)),
                List.of(activity("etl")));
    }

    private static Interval operations(int n) {
        return interval(
                n,
                List.of(
                        series(key("db", Kind.FSYNC, 101), 2, 1, 4_099, 1_009, 20_011, 3_000_017L + n),
                        series(key("db", Kind.BLOCK_WRITE, 103), 2, 0, 8_209, 70_001, 90_001)),
                List.of(slow("/var/lib/data/wal")),
                new Losses(0, 0, 13));
    }

    static RunEnd end(int seconds) {
        return new RunEnd(
                TIME,
                Duration.ofSeconds(seconds),
                List.of(),
                5L * seconds,
                17,
                new Losses(2, 3, 5, 7),
                0.375,
                67_108_864);
    }

    static void record(Path file, RunStart start, List<Interval> intervals, @Nullable RunEnd end) throws IOException {
        try (RecordingWriter writer = RecordingWriter.open(file)) {
            writer.start(start);
            for (Interval interval : intervals) {
                writer.interval(interval);
            }
            if (end != null) {
                writer.end(end);
            }
        }
    }

    static List<Interval> intervals(RecordingReader reader) throws IOException {
        List<Interval> intervals = new ArrayList<>();
        for (Interval interval = reader.next(); interval != null; interval = reader.next()) {
            intervals.add(interval);
        }
        return intervals;
    }

    /** Keeps what it is told. */
    static final class Memory implements IntervalSink {
        final List<Interval> intervals = new ArrayList<>();

        @Nullable
        RunStart start;

        private @Nullable RunEnd end;

        RunEnd end() {
            return Objects.requireNonNull(end);
        }

        @Override
        public void start(RunStart told) {
            start = told;
        }

        @Override
        public void interval(Interval interval) {
            intervals.add(interval);
        }

        @Override
        public void end(RunEnd told) {
            end = told;
        }

        @Override
        public void close() {}
    }
}
