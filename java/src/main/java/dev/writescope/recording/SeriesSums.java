package dev.writescope.recording;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/** Adds up the intervals of a replayed run. */
final class SeriesSums {
    private final Map<SeriesKey, Sum> sums = new LinkedHashMap<>();
    private Instant end = Instant.EPOCH;
    private Losses lost = Losses.NONE;

    void add(Interval interval) {
        end = interval.start().plus(interval.duration());
        Losses more = interval.lost();
        lost = new Losses(lost.fsync() + more.fsync(), lost.write() + more.write(), lost.block() + more.block());
        for (SeriesInterval series : interval.series()) {
            sums.computeIfAbsent(series.key(), _ -> new Sum()).add(series);
        }
    }

    List<SeriesInterval> totals() {
        return sums.entrySet().stream()
                .map(entry -> entry.getValue().total(entry.getKey()))
                .toList();
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

    private static final class Sum {
        private long count;
        private long errors;
        private long bytes;
        private long minNs = Long.MAX_VALUE;
        private long maxNs;
        private long sumNs;
        private @Nullable AbstractHistogram histogram;

        void add(SeriesInterval more) {
            count += more.count();
            errors += more.errors();
            bytes += more.bytes();
            minNs = Math.min(minNs, more.minNs());
            maxNs = Math.max(maxNs, more.maxNs());
            sumNs += more.sumNs();
            if (histogram == null) {
                histogram = more.histogram().copy();
                histogram.setAutoResize(true);
            } else {
                histogram.add(more.histogram());
            }
        }

        SeriesInterval total(SeriesKey key) {
            if (histogram == null) {
                throw new IllegalStateException("nothing was added");
            }
            return new SeriesInterval(key, count, errors, bytes, minNs, maxNs, sumNs, histogram);
        }
    }
}
