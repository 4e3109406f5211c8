package dev.writescope.recording;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesKey;
import dev.writescope.latency.Share;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
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

    /** The number stands for the owner in shares and activity. */
    record OwnerDefined(long number, Container owner) implements Line {}

    /** {@link Share} with numbers of owners. */
    record Shared(long victim, Operation operation, Share.Resource resource, String device, long culprit, long ns)
            implements Line {}

    /** {@link Activity} with the number of its owner. */
    record Acted(
            long owner, int pid, String comm, String file, Kind kind, Place place, long count, long bytes, long totalNs)
            implements Line {}

    record CanaryMeasured(Canary canary) implements Line {}

    /** Begins evidence of which the lists are still empty. */
    record EvidenceOpened(Evidence head, int elements) implements Line {}

    /** One element of one of its lists. */
    record EvidenceElement(Record element) implements Line {}

    /** The totals of {@code end} are empty: they are the sum of the intervals. */
    record Ended(RunEnd end) implements Line {}

    /** Comments of HdrHistogram, of newer versions, and empty lines. */
    record Ignored() implements Line {}
}
