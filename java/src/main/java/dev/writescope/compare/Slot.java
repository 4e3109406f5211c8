package dev.writescope.compare;

import java.time.Duration;
import java.time.Instant;
import org.HdrHistogram.AbstractHistogram;

/**
 * A stretch of a recording: one interval, or some of them where a recording has many.
 *
 * @param latencies nanoseconds; not to be written to; may be empty
 */
public record Slot(Instant start, Duration duration, AbstractHistogram latencies) {}
