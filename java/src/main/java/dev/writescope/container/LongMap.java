package dev.writescope.container;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map from long keys, read without boxing. A reader that holds one sees it whole, whatever is published
 * meanwhile.
 */
final class LongMap<V> {
    private final long[] keys;
    private final @Nullable Object[] values;
    private final int size;

    private LongMap(int size) {
        int capacity = Integer.highestOneBit(Math.max(size, 1)) << 2;
        this.size = size;
        this.keys = new long[capacity];
        this.values = new Object[capacity];
    }

    static <V> LongMap<V> empty() {
        return new LongMap<>(0);
    }

    static <K extends Number, V> LongMap<V> copyOf(Map<K, ? extends V> map) {
        LongMap<V> copy = new LongMap<>(map.size());
        map.forEach((key, value) -> {
            int slot = copy.slot(key.longValue());
            copy.keys[slot] = key.longValue();
            copy.values[slot] = value;
        });
        return copy;
    }

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked") // only copyOf fills values
    @Nullable
    V get(long key) {
        return (V) values[slot(key)];
    }

    /** Where the key is, or would be: at most half of the slots are in use. */
    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (values[slot] != null && keys[slot] != key) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
