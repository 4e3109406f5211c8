package dev.writescope.recording;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Place;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
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
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/** Makes a recording as long as one likes: FILE INTERVALS SERIES. Each series has 31 fsyncs in each second. */
final class LongRecording {
    private static final int FSYNCS = 31;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Instant START = Instant.parse("2026-11-24T00:00:00Z");

    private final SplittableRandom random = new SplittableRandom(17);
    private final List<SeriesKey> keys = new ArrayList<>();

    private LongRecording(int series) {
        for (int i = 0; i < series; i++) {
            Container container =
                    new Container(Container.Type.CONTAINER, "db-" + i, "c0ffee" + i, "containerd", "", "", "", "", "");
            keys.add(new SeriesKey(
                    container, 1009 + i, Kind.FSYNC, Stage.TOTAL, new Place("ext4", "7:3", "/data", null)));
        }
    }

    public static void main(String[] arguments) throws IOException {
        int intervals = Integer.parseInt(arguments[1]);
        LongRecording recording = new LongRecording(Integer.parseInt(arguments[2]));
        try (RecordingWriter writer = RecordingWriter.open(Path.of(arguments[0]))) {
            List<Coverage> coverage = List.of(new Coverage(Operation.FSYNC, "tp_btf", List.of()));
            writer.start(new RunStart(START, "0", "node", "6.12", "", "v2", SECOND, 2, List.of(), coverage));
            for (int i = 0; i < intervals; i++) {
                Instant start = START.plusSeconds(i);
                writer.interval(new Interval(start, SECOND, recording.second(), List.of(), Losses.NONE));
            }
            long events = (long) intervals * recording.keys.size() * FSYNCS;
            Duration duration = SECOND.multipliedBy(intervals);
            writer.end(new RunEnd(START, duration, List.of(), events, 0, Losses.NONE, 0, 0));
        }
    }

    private List<SeriesInterval> second() {
        List<SeriesInterval> all = new ArrayList<>();
        for (SeriesKey key : keys) {
            Histogram histogram = new Histogram(2);
            long sum = 0;
            for (int i = 0; i < FSYNCS; i++) {
                long latency = (long) (1e6 * Math.exp(0.5 * random.nextGaussian()));
                histogram.recordValue(latency);
                sum += latency;
            }
            all.add(new SeriesInterval(
                    key, FSYNCS, 0, 0, histogram.getMinValue(), histogram.getMaxValue(), sum, histogram));
        }
        return all;
    }
}
