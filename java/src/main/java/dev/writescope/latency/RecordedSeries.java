package dev.writescope.latency;

import dev.writescope.probe.Kind;
import dev.writescope.probe.Stage;
import org.jspecify.annotations.Nullable;

/**
 * One series while it is being recorded: the numbers the kernel sends, and what has come since the last interval.
 *
 * <p>All fields belong to the recording thread but {@link #total}, which belongs to the thread that runs the sinks.
 */
final class RecordedSeries {
    final long cgroup;
    final Kind kind;
    final Stage stage;
    final int device;
    final int mount;
    final int magic;
    /** Device, mount, file system, kind and stage again, as {@link SeriesTable} compares them. */
    final long where;

    final long what;
    /** Not the write path: /proc, cgroup files and the like. Found out once, so that it costs nothing later. */
    final boolean ignored;

    private final LatencyPool pool;
    /** Where values go: to an array as long as they are few, else to counts per bucket; both null between intervals. */
    private long @Nullable [] few;

    private @Nullable IntervalCounts many;
    /** Whether there were many in the last interval: then the next one begins with counts. */
    private boolean busy;

    private long count;
    private long errors;
    private long bytes;
    private long min = Long.MAX_VALUE;
    private long max;
    private long sum;
    int idleIntervals;

    @Nullable
    SeriesKey key;

    private final SeriesTotal total = new SeriesTotal();

    RecordedSeries(LatencyPool pool, long cgroup, int kind, int stage, int device, int mount, int magic) {
        this.pool = pool;
        this.cgroup = cgroup;
        this.kind = Kind.ofCode(kind);
        this.stage = Stage.ofCode(stage);
        this.device = device;
        this.mount = mount;
        this.magic = magic;
        this.where = where(device, mount);
        this.what = what(magic, kind, stage);
        this.ignored = FileSystems.isPseudo(magic);
    }

    static long where(int device, int mount) {
        return ((long) device << 32) | (mount & 0xffff_ffffL);
    }

    static long what(int magic, int kind, int stage) {
        return ((long) magic << 32) | ((long) kind << 8) | stage;
    }

    boolean is(long cgroup, long where, long what) {
        return this.cgroup == cgroup && this.where == where && this.what == what;
    }

    /** An empty one that stands for any number of series alike but for owner and place. */
    RecordedSeries anonymous() {
        return new RecordedSeries(pool, 0, kind.code(), stage.code(), 0, 0, 0);
    }

    void record(long latencyNs, long transferred, boolean failed) {
        // Two clocks that disagree by a little must not become an exception or a huge number.
        long latency = Math.max(latencyNs, 0);
        keep(latency);
        count++;
        bytes += transferred;
        sum += latency;
        min = Math.min(min, latency);
        max = Math.max(max, latency);
        if (failed) {
            errors++;
        }
    }

    private void keep(long latency) {
        IntervalCounts counts = many;
        if (counts == null) {
            if (!busy && count < LatencyPool.FEW) {
                keepAmongFew(latency);
                return;
            }
            counts = pool.takeCounts();
            many = counts;
            pourFewInto(counts);
        }
        counts.record(latency);
    }

    private void keepAmongFew(long latency) {
        long[] values = few;
        if (values == null) {
            values = pool.takeValues();
            few = values;
        }
        values[(int) count] = latency;
    }

    private void pourFewInto(IntervalCounts counts) {
        long[] values = few;
        if (values != null) {
            for (long value : values) {
                counts.record(value);
            }
            few = null;
            pool.giveBack(values);
        }
    }

    private Latencies takeLatencies() {
        IntervalCounts counts = many;
        long[] values = few;
        many = null;
        few = null;
        if (counts != null) {
            return new Latencies.AsCounts(counts, count);
        }
        if (values == null) {
            throw new IllegalStateException("nothing recorded");
        }
        return new Latencies.AsValues(values, (int) count, pool.buckets());
    }

    void addBytes(long transferred) {
        bytes += transferred;
    }

    boolean hasEvents() {
        return count > 0;
    }

    /** Hands over what has come since the last call, which starts the next interval. */
    SeriesInterval take(SeriesKey as) {
        SeriesInterval taken = new SeriesInterval(as, count, errors, bytes, min, max, sum, takeLatencies());
        busy = count > LatencyPool.FEW;
        key = as;
        count = 0;
        errors = 0;
        bytes = 0;
        min = Long.MAX_VALUE;
        max = 0;
        sum = 0;
        idleIntervals = 0;
        return taken;
    }

    /** Adds an interval to the totals. On the sinks' thread. */
    void addToTotal(SeriesInterval interval) {
        total.add(interval);
    }

    /** The whole run, under the newest name; null before the first interval. On the sinks' thread. */
    @Nullable
    SeriesInterval totals() {
        return total.sum();
    }
}
