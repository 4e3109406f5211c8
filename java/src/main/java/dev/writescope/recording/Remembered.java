package dev.writescope.recording;

import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map that forgets its least recently used entry above {@link Format#REMEMBERED_SERIES}. Writer and reader make
 * the same accesses in the same order, so they forget the same series.
 */
final class Remembered<K, V> extends LinkedHashMap<K, V> {
    @Serial
    private static final long serialVersionUID = 1;

    Remembered() {
        super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > Format.REMEMBERED_SERIES;
    }
}
