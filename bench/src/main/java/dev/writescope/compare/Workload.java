package dev.writescope.compare;

import dev.writescope.container.Container;
import dev.writescope.container.MountClass;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Place;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * Latencies with a known truth: a lognormal body around 1 ms with a Pareto tail above its P95.
 *
 * @param busyFactor how many times slower operations are while load is high: for 8 s on average after 20 s of calm, with
 *     twice as many operations; 1 for no such states
 * @param commits whether every 5 s a commit makes a third of a second's operations three times as slow
 * @param scale what all latencies are multiplied with
 */
record Workload(double busyFactor, boolean commits, double perSecond, double scale) {
    static final Workload INDEPENDENT = new Workload(1, false, 200, 1);
    static final Workload COMMITS = new Workload(1, true, 200, 1);
    static final Workload REAL = new Workload(1.5, true, 200, 1);
    static final Workload WILD = new Workload(3, true, 200, 1);

    private static final Instant TIME = Instant.parse("2026-11-24T06:00:00Z");
    private static final double SIGMA = 0.4;
    private static final double TAIL_FROM = 1.645;
    private static final double TAIL_INDEX = 2.5;

    private boolean states() {
        return busyFactor > 1;
    }

    Workload scaled(double factor) {
        return new Workload(busyFactor, commits, perSecond, scale * factor);
    }

    Workload at(double rate) {
        return new Workload(busyFactor, commits, rate, scale);
    }

    /** A recording, whose second hour does not overlap with the first one. */
    Recorded record(int seconds, int containers, int hour, RandomGenerator random) {
        Instant start = TIME.plus(Duration.ofHours(hour));
        Recorded.Builder recorded = new Recorded.Builder("simulated." + hour + ".hlog");
        recorded.start(new RunStart(
                start, "0.1.0", "node-7", "6.12.0", "", "v2", Duration.ofSeconds(1), 2, List.of(), List.of()));
        for (Interval interval : intervals(start, seconds, containers, random)) {
            recorded.interval(interval);
        }
        return recorded.build(false);
    }

    Iterable<Interval> intervals(Instant start, int seconds, int containers, RandomGenerator random) {
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < containers; i++) {
            sources.add(new Source("db-" + i, random));
        }
        return () -> IntStream.range(0, seconds)
                .mapToObj(second -> new Interval(
                        start.plusSeconds(second),
                        Duration.ofSeconds(1),
                        sources.stream().map(source -> source.second(second)).toList(),
                        List.of(),
                        Losses.NONE))
                .iterator();
    }

    private final class Source {
        private final RandomGenerator random;
        private final SeriesKey key;
        private final Histogram histogram = new Histogram(2);
        private final int phase;
        private boolean busy;

        Source(String name, RandomGenerator random) {
            this.random = random;
            this.phase = random.nextInt(5);
            this.busy = states() && random.nextDouble() < 8.0 / 28;
            Container container =
                    new Container(Container.Type.CONTAINER, name, "c" + name, "docker", "", "", "", "", "");
            this.key = new SeriesKey(
                    container, 7, Kind.FSYNC, Stage.TOTAL, new Place("ext4", "259:1", "/data", MountClass.VOLUME));
        }

        SeriesInterval second(int second) {
            histogram.reset();
            busy = states() && (busy ? random.nextDouble() >= 1 / 8.0 : random.nextDouble() < 1 / 20.0);
            boolean commit = commits && (second + phase) % 5 == 0;
            double rate = busy ? 2 * perSecond : perSecond;
            int count = (int) Math.max(0, Math.round(rate + Math.sqrt(rate) * random.nextGaussian()));
            for (int i = 0; i < count; i++) {
                double factor = (busy ? busyFactor : 1) * (commit && i % 3 == 0 ? 3 : 1);
                histogram.recordValue(Math.max(1, (long) (1e6 * scale * factor * latency())));
            }
            return new SeriesInterval(key, count, 0, 0, histogram.getMinValue(), histogram.getMaxValue(), 0, histogram);
        }

        private double latency() {
            double z = random.nextGaussian();
            if (z <= TAIL_FROM) {
                return Math.exp(SIGMA * z);
            }
            return Math.exp(SIGMA * TAIL_FROM) * Math.pow(1 - random.nextDouble(), -1 / TAIL_INDEX);
        }
    }
}
