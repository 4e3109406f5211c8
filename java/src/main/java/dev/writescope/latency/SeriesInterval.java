package dev.writescope.latency;

import org.HdrHistogram.AbstractHistogram;

/**
 * One series over one interval. Never changes once it is handed out.
 *
 * @param count operations completed, failed ones included
 * @param errors those that failed
 * @param bytes written, synced or transferred, as far as the call says
 * @param minNs exact, as are maxNs and sumNs; percentiles come from the histogram
 * @param latencies as many as count
 */
public record SeriesInterval(
        SeriesKey key, long count, long errors, long bytes, long minNs, long maxNs, long sumNs, Latencies latencies) {

    /** With latencies that are a histogram already. */
    public SeriesInterval(
            SeriesKey key,
            long count,
            long errors,
            long bytes,
            long minNs,
            long maxNs,
            long sumNs,
            AbstractHistogram histogram) {
        this(key, count, errors, bytes, minNs, maxNs, sumNs, Latencies.of(histogram));
    }

    /** As a HdrHistogram of nanoseconds, perhaps one made for this call; not to be written to. */
    public AbstractHistogram histogram() {
        return latencies.histogram();
    }

    /** The same under another name. */
    SeriesInterval named(SeriesKey name) {
        return new SeriesInterval(name, count, errors, bytes, minNs, maxNs, sumNs, latencies);
    }

    /** The mean latency in nanoseconds, 0 without operations. */
    public long meanNs() {
        return count == 0 ? 0 : sumNs / count;
    }

    /**
     * The latency in nanoseconds that {@code percentile} % of the operations did not exceed, never above the
     * exact maximum.
     */
    public long percentileNs(double percentile) {
        return count == 0 ? 0 : Math.clamp(latencies.percentileNs(percentile), minNs, maxNs);
    }
}
