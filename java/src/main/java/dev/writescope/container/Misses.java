package dev.writescope.container;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What readers did not find, for the scanning thread to look up. Bounded and lock-free; equal misses are kept once,
 * and one that finds its slot taken is dropped, since the next event raises it again.
 */
final class Misses<T> {
    private final AtomicReferenceArray<T> slots = new AtomicReferenceArray<>(1024);

    /** True if the miss is new, so that somebody should be told. */
    boolean offer(T miss) {
        int hash = miss.hashCode();
        return slots.compareAndSet((hash ^ (hash >>> 16)) & (slots.length() - 1), null, miss);
    }

    /** Takes out all there are. */
    List<T> drain() {
        List<T> misses = new ArrayList<>();
        for (int i = 0; i < slots.length(); i++) {
            if (slots.getPlain(i) != null) {
                misses.add(slots.getAndSet(i, null));
            }
        }
        return misses;
    }
}
