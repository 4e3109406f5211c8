package dev.writescope.gate;

import dev.writescope.recording.Canary;
import java.util.List;

/**
 * Whether the disk was in a state that allows a verdict, by canaries from before and after the repetitions. Limits are
 * far out on purpose: ordinary noise is the bootstrap's business, which makes the interval wider; this is for what a
 * comparison cannot know, such as a snapshot that began half-way or a disk of another class than the baseline's.
 */
final class DiskHealth {
    /** A median of this is a disk that hangs. */
    private static final long STUCK_NS = 1_000_000_000;

    /** Medians differ this many times, and by a time that neither a scheduler nor a neighbour's burst explains. */
    private static final double MEDIAN_FACTOR = 4;

    private static final long MEDIAN_NS = 20_000_000;

    /** The slowest twentieth of a few dozen calls is far less steady than their median. */
    private static final double TAIL_FACTOR = 8;

    private static final long TAIL_NS = 100_000_000;

    private DiskHealth() {}

    /**
     * Refuses a verdict when the disk was sick.
     *
     * @param baseline the canaries of the baseline's recording; empty if it has none or ran in between
     */
    static void check(Canary start, Canary end, List<Canary> baseline) throws NoVerdictException {
        for (Canary canary : List.of(start, end)) {
            if (canary.p50Ns() > STUCK_NS) {
                throw new NoVerdictException("the machine's disk hangs: half of our own fsyncs took longer than "
                        + Phrase.duration(canary.p50Ns()) + ": run again when it has recovered");
            }
        }
        if (apart(start.p50Ns(), end.p50Ns(), MEDIAN_FACTOR, MEDIAN_NS)) {
            throw unsteady("P50", start.p50Ns(), end.p50Ns());
        }
        if (apart(start.p95Ns(), end.p95Ns(), TAIL_FACTOR, TAIL_NS)) {
            throw unsteady("P95", start.p95Ns(), end.p95Ns());
        }
        for (Canary then : baseline.subList(0, Math.min(1, baseline.size()))) {
            if (apart(then.p50Ns(), start.p50Ns(), MEDIAN_FACTOR, MEDIAN_NS)) {
                throw new NoVerdictException("the baseline is from a machine with another disk: fsync canary P50 "
                        + Phrase.duration(then.p50Ns()) + " there, " + Phrase.duration(start.p50Ns())
                        + " here: record it here with --update-baseline, or compare within one job with"
                        + " --baseline-command");
            }
        }
    }

    private static NoVerdictException unsteady(String quantile, long startNs, long endNs) {
        return new NoVerdictException("the machine's disk is unsteady: fsync canary " + quantile + " "
                + Phrase.duration(startNs) + " at the start, " + Phrase.duration(endNs)
                + " at the end: run again, or on a quieter machine");
    }

    private static boolean apart(long one, long other, double factor, long atLeastNs) {
        long low = Math.min(one, other);
        long high = Math.max(one, other);
        return high > factor * low && high - low > atLeastNs;
    }
}
