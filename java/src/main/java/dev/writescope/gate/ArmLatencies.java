package dev.writescope.gate;

import dev.writescope.compare.Subject;
import dev.writescope.latency.Interval;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Stage;
import dev.writescope.recording.RecordingReader;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;

/** The latencies of one arm: of each subject one histogram per repetition. */
final class ArmLatencies {
    /** Longer than this many intervals without an interval is the time between two repetitions. */
    private static final double PAUSE = 0.5;

    private final Map<Subject, Map<Integer, AbstractHistogram>> bySubject = new LinkedHashMap<>();
    private int repetitions;

    /** Of a recording, whose pauses tell its repetitions apart. */
    static ArmLatencies read(RecordingReader reader) throws IOException {
        ArmLatencies all = new ArmLatencies();
        Duration nominal = reader.start().interval();
        Instant end = Instant.EPOCH;
        for (Interval interval = reader.next(); interval != null; interval = reader.next()) {
            if (Duration.between(end, interval.start()).toNanos() > PAUSE * nominal.toNanos()) {
                all.repetitions++;
            }
            all.add(interval);
            end = interval.end();
        }
        return all;
    }

    static ArmLatencies of(List<Repetition> repetitions) {
        ArmLatencies all = new ArmLatencies();
        for (Repetition repetition : repetitions) {
            all.repetitions++;
            repetition.intervals().forEach(all::add);
        }
        return all;
    }

    private void add(Interval interval) {
        for (SeriesInterval series : interval.series()) {
            if (series.key().stage() == Stage.TOTAL && series.count() > 0) {
                AbstractHistogram sum = bySubject
                        .computeIfAbsent(subject(series.key()), _ -> new TreeMap<>())
                        .computeIfAbsent(
                                repetitions,
                                _ -> new Histogram(series.latencies().digits()));
                series.latencies().addTo(sum);
            }
        }
    }

    private static Subject subject(SeriesKey key) {
        return new Subject(
                key.container().displayName(), key.operation(), key.kind().isJudgedAlone() ? key.kind() : null, null);
    }

    int repetitions() {
        return repetitions;
    }

    Set<Subject> subjects() {
        return bySubject.keySet();
    }

    /** Per repetition, in order; without those in which there was nothing. */
    List<AbstractHistogram> of(Subject subject) {
        return new ArrayList<>(bySubject.getOrDefault(subject, Map.of()).values());
    }

    /** The same, without those in which there was nothing for the other arm: what is left belongs together in pairs. */
    List<AbstractHistogram> of(Subject subject, ArmLatencies other) {
        Map<Integer, AbstractHistogram> paired = new TreeMap<>(bySubject.getOrDefault(subject, Map.of()));
        paired.keySet()
                .retainAll(other.bySubject.getOrDefault(subject, Map.of()).keySet());
        return new ArrayList<>(paired.values());
    }
}
