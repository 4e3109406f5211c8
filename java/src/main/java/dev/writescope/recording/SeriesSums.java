package dev.writescope.recording;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.latency.SeriesTotal;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Adds up the intervals of a replayed run. Memory is bounded: of more than {@value #MOST} series those that were silent for
 * longest are added up as "gone".
 */
final class SeriesSums {
    static final int MOST = 10_000;

    private final LinkedHashMap<SeriesKey, SeriesTotal> sums = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<SeriesKey, SeriesTotal> gone = new LinkedHashMap<>();
    private Instant end = Instant.EPOCH;
    private Losses lost = Losses.NONE;

    void add(Interval interval) {
        end = interval.start().plus(interval.duration());
        lost = lost.plus(interval.lost());
        for (SeriesInterval series : interval.series()) {
            sums.computeIfAbsent(series.key(), _ -> new SeriesTotal()).add(series);
            if (sums.size() > MOST) {
                fold(Objects.requireNonNull(sums.pollFirstEntry()).getValue());
            }
        }
    }

    private void fold(SeriesTotal silent) {
        SeriesInterval sum = Objects.requireNonNull(silent.sum());
        SeriesKey key = SeriesKey.gone(sum.key().kind(), sum.key().stage());
        gone.computeIfAbsent(key, _ -> new SeriesTotal()).add(sum.named(key));
    }

    List<SeriesInterval> totals() {
        List<SeriesInterval> totals = new ArrayList<>();
        for (Map<SeriesKey, SeriesTotal> all : List.of(sums, gone)) {
            for (SeriesTotal each : all.values()) {
                totals.add(Objects.requireNonNull(each.sum()));
            }
        }
        return totals;
    }

    /** The end of a run whose recording was cut: what the intervals tell, and nothing about the agent. */
    RunEnd endOfCutRun(Instant start) {
        Duration duration = end.isBefore(start) ? Duration.ZERO : Duration.between(start, end);
        List<SeriesInterval> totals = totals();
        // The stages of a block request are parts of one event.
        List<SeriesInterval> whole = totals.stream()
                .filter(each -> each.key().stage() == Stage.TOTAL)
                .toList();
        long events = whole.stream().mapToLong(SeriesInterval::count).sum();
        long unattributed = whole.stream()
                .filter(each -> each.key().container().type() == Container.Type.UNATTRIBUTED)
                .mapToLong(SeriesInterval::count)
                .sum();
        return new RunEnd(start, duration, totals, events, unattributed, lost, 0, 0);
    }
}
