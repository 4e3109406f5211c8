package dev.writescope.view;

import dev.writescope.latency.SeriesInterval;

/**
 * The figures of one row over one interval or a whole run. Holds no histogram, so it may outlive its interval.
 *
 * @param cgroupId 0 when several cgroups are merged
 */
public record Row(
        RowKey key,
        long cgroupId,
        long count,
        long errors,
        long bytes,
        long minNs,
        long meanNs,
        long p50Ns,
        long p90Ns,
        long p95Ns,
        long p99Ns,
        long p999Ns,
        long maxNs,
        long sumNs) {

    static Row of(RowKey key, long cgroupId, SeriesInterval series) {
        return new Row(
                key,
                cgroupId,
                series.count(),
                series.errors(),
                series.bytes(),
                series.minNs(),
                series.meanNs(),
                series.percentileNs(50),
                series.percentileNs(90),
                series.percentileNs(95),
                series.percentileNs(99),
                series.percentileNs(99.9),
                series.maxNs(),
                series.sumNs());
    }
}
