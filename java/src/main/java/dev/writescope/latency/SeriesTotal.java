package dev.writescope.latency;

import org.jspecify.annotations.Nullable;

/** One series over many intervals, in a few KB. One thread. */
public final class SeriesTotal {
    private @Nullable TotalCounts counts;
    private @Nullable SeriesInterval sum;

    public void add(SeriesInterval interval) {
        TotalCounts into = counts;
        SeriesInterval before = sum;
        if (into == null || before == null) {
            into = new TotalCounts(interval.latencies().digits());
            counts = into;
            before = new SeriesInterval(interval.key(), 0, 0, 0, Long.MAX_VALUE, 0, 0, new Latencies.AsTotals(into));
        }
        interval.latencies().forEach(into::add);
        sum = new SeriesInterval(
                interval.key(),
                before.count() + interval.count(),
                before.errors() + interval.errors(),
                before.bytes() + interval.bytes(),
                Math.min(before.minNs(), interval.minNs()),
                Math.max(before.maxNs(), interval.maxNs()),
                before.sumNs() + interval.sumNs(),
                before.latencies());
    }

    /** All of it, under the key of the latest interval; null before the first. It goes on changing with this. */
    public @Nullable SeriesInterval sum() {
        return sum;
    }
}
