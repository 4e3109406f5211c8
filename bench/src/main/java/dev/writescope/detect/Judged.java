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
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/** One container's fsync before a new detector. */
final class Judged {
    static final Instant START = Instant.parse("2026-11-24T00:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Detector detector = new Detector(DetectorSettings.DEFAULT);
    private final SeriesKey key = key(1);

    static SeriesKey key(int number) {
        Container container =
                new Container(Container.Type.CONTAINER, "c" + number, "id" + number, "containerd", "", "", "", "", "");
        return new SeriesKey(container, number, Kind.FSYNC, Stage.TOTAL, new Place("ext4", "7:0", "/", null));
    }

    static SeriesInterval series(SeriesKey key, AbstractHistogram latencies) {
        return new SeriesInterval(key, latencies.getTotalCount(), 0, 0, 1, 1, 1, latencies);
    }

    static Interval interval(long second, List<SeriesInterval> series) {
        return new Interval(START.plusSeconds(second), SECOND, series, List.of(), Losses.NONE);
    }

    /** The alarm that a second raises, if it does. */
    @Nullable
    Regression alarm(long second, AbstractHistogram latencies) {
        List<SeriesInterval> all = latencies.getTotalCount() == 0 ? List.of() : List.of(series(key, latencies));
        for (Regression said : detector.judge(interval(second, all))) {
            if (said.state() == Regression.State.ALARM) {
                return said;
            }
        }
        return null;
    }
}
