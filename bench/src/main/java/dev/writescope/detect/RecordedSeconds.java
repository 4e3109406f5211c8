package dev.writescope.detect;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Stage;
import dev.writescope.recording.RecordingReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.HdrHistogram.AbstractHistogram;

/**
 * Days of seconds made from minutes that were recorded: blocks of its busiest series, drawn at random, so that what
 * belongs together stays together within a block.
 */
final class RecordedSeconds implements FalseAlarms.Seconds {
    private static final int BLOCK_SECONDS = 60;

    private final List<AbstractHistogram> recorded;
    private final SplittableRandom random = new SplittableRandom(11);
    private int at;

    private RecordedSeconds(List<AbstractHistogram> recorded) {
        this.recorded = recorded;
    }

    static RecordedSeconds of(Path file) throws IOException {
        Map<SeriesName, Long> counts = new HashMap<>();
        List<Map<SeriesName, AbstractHistogram>> intervals = new ArrayList<>();
        try (RecordingReader reader = RecordingReader.open(file)) {
            for (Interval interval = reader.next(); interval != null; interval = reader.next()) {
                Map<SeriesName, AbstractHistogram> merged = merged(interval);
                merged.forEach((name, latencies) -> counts.merge(name, latencies.getTotalCount(), Long::sum));
                intervals.add(merged);
            }
        }
        SeriesName busiest = counts.entrySet().stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .orElseThrow(() -> new IOException(file + " holds no operations"))
                .getKey();
        return new RecordedSeconds(intervals.stream()
                .map(interval -> interval.getOrDefault(busiest, Arrivals.histogram()))
                .toList());
    }

    private static Map<SeriesName, AbstractHistogram> merged(Interval interval) {
        Map<SeriesName, AbstractHistogram> merged = new HashMap<>();
        for (SeriesInterval each : interval.series()) {
            if (each.key().stage() == Stage.TOTAL && each.key().container().type() != Container.Type.UNATTRIBUTED) {
                AbstractHistogram sum =
                        merged.computeIfAbsent(SeriesName.of(each.key(), false), _ -> Arrivals.histogram());
                each.latencies()
                        .forEach((latencyNs, count) ->
                                sum.recordValueWithCount(Math.clamp(latencyNs, 0, 299_000_000_000L), count));
            }
        }
        return merged;
    }

    @Override
    public AbstractHistogram next(long second) {
        at = second % BLOCK_SECONDS == 0 ? random.nextInt(recorded.size()) : (at + 1) % recorded.size();
        return recorded.get(at);
    }
}
