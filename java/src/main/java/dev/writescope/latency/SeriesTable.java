package dev.writescope.latency;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From what a record says to its series: open addressing with linear probing, no object per lookup. Belongs to the
 * recording thread. At most a quarter full, so that most lookups look once.
 */
final class SeriesTable {
    private static final int SMALLEST = 256;

    private @Nullable RecordedSeries[] series = new RecordedSeries[SMALLEST];
    private int size;

    private static int slot(long cgroup, long where, long what, int mask) {
        long hash = cgroup * 0x9E3779B97F4A7C15L + where * 0xC2B2AE3D27D4EB4FL + what * 0x165667B19E3779F9L;
        return (int) ((hash ^ (hash >>> 29)) >>> 23) & mask;
    }

    /** @param where and what as {@link RecordedSeries#where} and {@link RecordedSeries#what} make them */
    @Nullable
    RecordedSeries find(long cgroup, long where, long what) {
        @Nullable RecordedSeries[] all = series;
        int mask = all.length - 1;
        int at = slot(cgroup, where, what, mask);
        RecordedSeries found;
        while ((found = all[at]) != null) {
            if (found.is(cgroup, where, what)) {
                return found;
            }
            at = (at + 1) & mask;
        }
        return null;
    }

    void add(RecordedSeries added) {
        if (4 * (size + 1) > series.length) {
            rebuild(all(), 2 * series.length);
        }
        insert(added);
    }

    private void insert(RecordedSeries added) {
        int mask = series.length - 1;
        int at = slot(added.cgroup, added.where, added.what, mask);
        while (series[at] != null) {
            at = (at + 1) & mask;
        }
        series[at] = added;
        size++;
    }

    /** Keeps only these. */
    void retain(List<RecordedSeries> kept) {
        int capacity = SMALLEST;
        while (capacity < 4 * (kept.size() + 1)) {
            capacity *= 2;
        }
        rebuild(kept, capacity);
    }

    private void rebuild(List<RecordedSeries> kept, int capacity) {
        series = new RecordedSeries[capacity];
        size = 0;
        for (RecordedSeries each : kept) {
            insert(each);
        }
    }

    List<RecordedSeries> all() {
        List<RecordedSeries> all = new ArrayList<>(size);
        for (RecordedSeries each : series) {
            if (each != null) {
                all.add(each);
            }
        }
        return all;
    }

    int size() {
        return size;
    }
}
