package dev.writescope.recording;

import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesKey;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Losses;
import java.time.Duration;
import java.time.Instant;
import org.HdrHistogram.Histogram;

/** What one line of a recording says. */
sealed interface Line {
    record Run(RunStart start) implements Line {}

    record IntervalOpened(Instant start, Duration duration, Losses lost) implements Line {}

    record SeriesDefined(String tag, SeriesKey key) implements Line {}

    record Stats(long errors, long bytes, long minNs, long maxNs, long sumNs) implements Line {}

    record Samples(String tag, Histogram histogram) implements Line {}

    record Slow(SlowEvent event) implements Line {}

    record Flagged(Regression regression) implements Line {}

    record CanaryMeasured(Canary canary) implements Line {}

    /** The totals of {@code end} are empty: they are the sum of the intervals. */
    record Ended(RunEnd end) implements Line {}

    /** Comments of HdrHistogram, of newer versions, and empty lines. */
    record Ignored() implements Line {}
}
