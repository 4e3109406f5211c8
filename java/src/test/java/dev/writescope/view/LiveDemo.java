package dev.writescope.view;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Judge;
import dev.writescope.latency.Regression;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.IntCountsHistogram;

/** Feeds made-up intervals to the live view, to look at it: {@code LiveDemo [containers] [table|json|live] [intervals]}. */
final class LiveDemo {
    private static final Random RANDOM = new Random(7);

    /** The first container regresses in the 50th second, and gets well 70 seconds later. */
    private static final Judge JUDGE = interval -> {
        long second = Duration.between(Sample.NOON, interval.start()).toSeconds();
        Container owner = interval.series().getFirst().key().container();
        return second == 50
                ? List.of(Sample.regression(interval.end(), owner, Regression.State.ALARM))
                : second == 120
                        ? List.of(Sample.regression(interval.end(), owner, Regression.State.RECOVERED))
                        : List.of();
    };

    private LiveDemo() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        int containers = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 6;
        String format = arguments.length > 1 ? arguments[1] : "live";
        int intervals = arguments.length > 2 ? Integer.parseInt(arguments[2]) : Integer.MAX_VALUE;
        AtomicBoolean stopped = new AtomicBoolean();
        try (IntervalSink sink = sink(format, () -> stopped.set(true))) {
            sink.start(Sample.start());
            Interval last = interval(0, containers);
            for (int second = 0; second < intervals && !stopped.get(); second++) {
                last = interval(second, containers);
                sink.interval(last);
                Thread.sleep(second < 45 ? 20 : 1000);
            }
            sink.end(Sample.end(last.series(), new Losses(0, 0, 3)));
        }
    }

    private static IntervalSink sink(String format, Runnable stop) throws IOException {
        Grouping grouping = new Grouping(List.of());
        return switch (format) {
            case "table" -> new Table(System.out, grouping, JUDGE);
            case "json" -> new JsonLines(System.out, grouping);
            default -> new LiveTerminal(grouping, JUDGE, stop);
        };
    }

    private static Interval interval(int second, int containers) {
        List<SeriesInterval> series = new ArrayList<>();
        List<SlowEvent> slow = new ArrayList<>();
        for (int at = 0; at < containers; at++) {
            Container owner = at % 3 == 0
                    ? Sample.pod("shop", "db-" + at, "postgres")
                    : at % 3 == 1 ? Sample.container("batch-etl-" + at) : Container.host("cron-" + at + ".service");
            double noise = at == 0 && second > 40 ? 12 : 1 + 0.3 * Math.sin(second / 5.0 + at);
            if (at % 4 != 3 || second % 7 < 2) {
                series.add(random(owner, Kind.FSYNC, Stage.TOTAL, 4e6 * noise * (1 + at % 5), 40));
                series.add(random(owner, Kind.FDATASYNC, Stage.TOTAL, 2e6 * noise * (1 + at % 5), 20));
            }
            series.add(random(owner, Kind.BUFFERED, Stage.TOTAL, 4e3 * noise * (1 + at % 3), 2000));
            if (at % 2 == 0) {
                series.add(random(owner, Kind.BLOCK_WRITE, Stage.QUEUE, 3e4 * noise, 100));
                series.add(random(owner, Kind.BLOCK_WRITE, Stage.DEVICE, 6e5 * noise, 100));
                series.add(random(owner, Kind.BLOCK_WRITE, Stage.TOTAL, 6.3e5 * noise, 100));
            }
        }
        series.add(random(Container.UNATTRIBUTED, Kind.BLOCK_WRITE, Stage.TOTAL, 8e5, 11));
        if (second % 5 == 0) {
            slow.add(Sample.slow(Sample.pod("shop", "db-0", "postgres"), "postgres", "/data/pg_wal/0000000100000007"));
        }
        Losses lost = second == 50 ? new Losses(0, 17, 0) : Losses.NONE;
        return Sample.interval(second, series, slow, lost).judgedBy(JUDGE);
    }

    private static SeriesInterval random(Container owner, Kind kind, Stage stage, double typical, int count) {
        var place =
                kind.operation() == Operation.BLOCK ? Sample.DISK : kind == Kind.FDATASYNC ? Sample.ROOT : Sample.DATA;
        IntCountsHistogram histogram = new IntCountsHistogram(1, 60_000_000_000L, 2);
        long min = Long.MAX_VALUE;
        long max = 0;
        long sum = 0;
        for (int at = 0; at < count; at++) {
            long latency = (long) (typical * Math.exp(RANDOM.nextGaussian() * 0.7));
            histogram.recordValue(latency);
            min = Math.min(min, latency);
            max = Math.max(max, latency);
            sum += latency;
        }
        long errors = RANDOM.nextInt(400) == 0 ? 1 : 0;
        return new SeriesInterval(
                new SeriesKey(owner, 4711, kind, stage, place), count, errors, 8192L * count, min, max, sum, histogram);
    }
}
