package dev.writescope.recording;

import java.io.Serial;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map that forgets what was put first above {@link Format#REMEMBERED_OWNERS}. Writer and reader put the same in the
 * same order, so they forget the same.
 */
final class Owners<K, V> extends LinkedHashMap<K, V> {
    @Serial
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > Format.REMEMBERED_OWNERS;
    }
}
