package dev.writescope.latency;

import dev.writescope.probe.Losses;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Everything that happened between two ticks of the interval clock. Immutable; its histograms may be used by
 * sinks only until {@link IntervalSink#interval} returns.
 *
 * @param duration measured, not nominal: longer than asked for when the machine was busy
 * @param series those with at least one operation
 * @param lost events lost in this interval
 */
public record Interval(
        Instant start, Duration duration, List<SeriesInterval> series, List<SlowEvent> slow, Losses lost) {}
