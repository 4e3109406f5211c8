package dev.writescope.latency;

import java.util.List;
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

    /**
     * Some series as one.
     *
     * @param sum an empty histogram of as many digits as theirs, which becomes the latencies of the result
     */
    public static SeriesInterval merge(SeriesKey key, List<SeriesInterval> parts, AbstractHistogram sum) {
        long count = 0;
        long errors = 0;
        long bytes = 0;
        long min = Long.MAX_VALUE;
        long max = 0;
        long sumNs = 0;
        for (SeriesInterval part : parts) {
            part.latencies().addTo(sum);
            count += part.count();
            errors += part.errors();
            bytes += part.bytes();
            sumNs += part.sumNs();
            if (part.count() > 0) {
                min = Math.min(min, part.minNs());
                max = Math.max(max, part.maxNs());
            }
        }
        return new SeriesInterval(key, count, errors, bytes, count == 0 ? 0 : min, max, sumNs, sum);
    }

    /** The same under another name. */
    public SeriesInterval named(SeriesKey name) {
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
