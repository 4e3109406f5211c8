package dev.writescope.latency;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From what a record says to its series: open addressing with linear probing over three longs, no object per lookup.
 * Belongs to the recording thread. At most half full.
 */
final class SeriesTable {
    private static final int SMALLEST = 64;

    private long[] keys = new long[3 * SMALLEST];
    private @Nullable RecordedSeries[] series = new RecordedSeries[SMALLEST];
    private int size;

    private static long where(int device, int mount) {
        return ((long) device << 32) | (mount & 0xffff_ffffL);
    }

    private static long what(int magic, int kind, int stage) {
        return ((long) magic << 32) | ((long) kind << 8) | stage;
    }

    private static int slot(long cgroup, long where, long what, int mask) {
        long hash = (((cgroup * 0x9E3779B97F4A7C15L) ^ where) * 0xC2B2AE3D27D4EB4FL) ^ what;
        hash *= 0x9E3779B97F4A7C15L;
        return (int) (hash >>> 32) & mask;
    }

    @Nullable
    RecordedSeries find(long cgroup, int kind, int stage, int device, int mount, int magic) {
        long where = where(device, mount);
        long what = what(magic, kind, stage);
        int mask = series.length - 1;
        int at = slot(cgroup, where, what, mask);
        RecordedSeries found;
        while ((found = series[at]) != null) {
            if (keys[3 * at] == cgroup && keys[3 * at + 1] == where && keys[3 * at + 2] == what) {
                return found;
            }
            at = (at + 1) & mask;
        }
        return null;
    }

    void add(RecordedSeries added) {
        if (2 * (size + 1) > series.length) {
            rebuild(all(), 2 * series.length);
        }
        insert(added);
    }

    private void insert(RecordedSeries added) {
        long where = where(added.device, added.mount);
        long what = what(added.magic, added.kind.code(), added.stage.code());
        int mask = series.length - 1;
        int at = slot(added.cgroup, where, what, mask);
        while (series[at] != null) {
            at = (at + 1) & mask;
        }
        series[at] = added;
        keys[3 * at] = added.cgroup;
        keys[3 * at + 1] = where;
        keys[3 * at + 2] = what;
        size++;
    }

    /** Keeps only these. */
    void retain(List<RecordedSeries> kept) {
        int capacity = SMALLEST;
        while (capacity < 2 * (kept.size() + 1)) {
            capacity *= 2;
        }
        rebuild(kept, capacity);
    }

    private void rebuild(List<RecordedSeries> kept, int capacity) {
        keys = new long[3 * capacity];
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
