package dev.writescope.view;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rows by key, those seen last at the end. Bounded: what was not seen for a while goes, the longest unseen first. */
final class LiveRows {
    private static final int MOST = 20_000;

    private final Map<RowKey, LiveRow> rows = new LinkedHashMap<>(64, 0.75f, true);

    void put(StagedRow row, long tick) {
        LiveRow known = rows.get(row.total().key());
        if (known == null) {
            rows.put(row.total().key(), new LiveRow(row, tick));
        } else {
            known.put(row, tick);
        }
    }

    void forgetBefore(long tick) {
        Iterator<LiveRow> eldest = rows.values().iterator();
        while (eldest.hasNext() && (eldest.next().lastTick() < tick || rows.size() > MOST)) {
            eldest.remove();
        }
    }

    boolean contains(RowKey key) {
        return rows.containsKey(key);
    }

    Collection<LiveRow> all() {
        return rows.values();
    }

    LiveRows copy() {
        LiveRows copy = new LiveRows();
        rows.forEach((key, row) -> copy.rows.put(key, row.copy()));
        return copy;
    }
}
