package dev.writescope.view;

import java.util.Arrays;

/** One row of the live view: its latest figures and its P99 of the last 60 intervals. */
final class LiveRow {
    static final int TICKS = 60;
    private static final int IDLE_TICKS = 10;
    private static final int TICKS_FOR_TREND = 10;

    private final float[] p99;
    private StagedRow latest;
    private long lastTick;

    LiveRow(StagedRow first, long tick) {
        this.p99 = new float[TICKS];
        this.latest = first;
        this.lastTick = tick;
        put(first, tick);
    }

    private LiveRow(LiveRow other) {
        this.p99 = other.p99.clone();
        this.latest = other.latest;
        this.lastTick = other.lastTick;
    }

    LiveRow copy() {
        return new LiveRow(this);
    }

    void put(StagedRow row, long tick) {
        for (long skipped = Math.max(lastTick + 1, tick - TICKS); skipped < tick; skipped++) {
            p99[slot(skipped)] = 0;
        }
        p99[slot(tick)] = Math.max(1, row.total().p99Ns());
        latest = row;
        lastTick = tick;
    }

    /** The last figures there were, however old. */
    Row row() {
        return latest.total();
    }

    RowKey key() {
        return latest.total().key();
    }

    StagedRow staged() {
        return latest;
    }

    long lastTick() {
        return lastTick;
    }

    /** Whether there was nothing for so long that its figures say little about now. */
    boolean idle(long tick) {
        return tick - lastTick >= IDLE_TICKS;
    }

    /**
     * The worst P99 of each of {@code cells} slices of the last 60 ticks, oldest first, 0 for nothing. Slices
     * start at fixed ticks, so that bars move on and do not change their height.
     *
     * @param cells a divisor of 60
     */
    float[] history(long tick, int cells) {
        int slice = TICKS / cells;
        float[] worst = new float[cells];
        long first = (tick / slice - cells + 1) * slice;
        for (long at = Math.max(0, first); at <= tick; at++) {
            int cell = (int) ((at - first) / slice);
            worst[cell] = Math.max(worst[cell], at(at, tick));
        }
        return worst;
    }

    /** The latest P99 over the median of the last minute; 1 while there is too little to compare with. */
    double trend(long tick) {
        float[] known = new float[TICKS];
        int count = 0;
        for (long at = Math.max(0, tick - TICKS + 1); at <= tick; at++) {
            float value = at(at, tick);
            if (value > 0) {
                known[count++] = value;
            }
        }
        if (count < TICKS_FOR_TREND || lastTick != tick) {
            return 1;
        }
        Arrays.sort(known, 0, count);
        return row().p99Ns() / (double) known[count / 2];
    }

    private float at(long at, long tick) {
        return at > lastTick || at <= tick - TICKS ? 0 : p99[slot(at)];
    }

    private static int slot(long tick) {
        return (int) (tick % TICKS);
    }
}
