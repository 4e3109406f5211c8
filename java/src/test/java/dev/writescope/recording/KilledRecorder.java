package dev.writescope.recording;

import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Records without end and prints the number of each interval once it is written; for a test to kill. */
final class KilledRecorder {
    static final int SERIES = 101;

    private KilledRecorder() {}

    static List<SeriesInterval> series(int interval) {
        return IntStream.range(0, SERIES)
                .mapToObj(i -> Samples.series(Samples.key("db" + i, Kind.FSYNC, i), 2, 0, i, 1_009L + interval, 70_001))
                .toList();
    }

    public static void main(String[] args) throws IOException {
        try (RecordingWriter writer = RecordingWriter.open(Path.of(args[0]))) {
            writer.start(Samples.START);
            for (int i = 0; i < 100_003; i++) {
                writer.interval(Samples.interval(i, series(i), List.of(), Losses.NONE));
                System.out.println(i);
            }
        }
    }
}
