package dev.writescope.latency;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The newest of what has ended, in the order in which it ended, whatever the order in which it was told. It is sorted
 * when somebody looks, so telling costs next to nothing. Belongs to the recording thread.
 */
final class History<T> {
    private static final int SMALLEST = 64;

    private final int most;
    private final ToLongFunction<T> endNs;
    private final Comparator<T> byEnd;
    private @Nullable Object[] all = new Object[SMALLEST];
    private int size;
    private int sorted;
    private boolean cut;

    /** @param most kept; above that the oldest quarter goes */
    History(int most, ToLongFunction<T> endNs) {
        this.most = most;
        this.endNs = endNs;
        this.byEnd = Comparator.comparingLong(endNs);
    }

    void add(T one) {
        if (size == most) {
            dropOldest();
        } else if (size == all.length) {
            all = Arrays.copyOf(all, Math.min(most, 2 * size));
        }
        all[size++] = one;
    }

    private void dropOldest() {
        sort();
        int dropped = most / 4;
        System.arraycopy(all, dropped, all, 0, size - dropped);
        Arrays.fill(all, size - dropped, size, null);
        size -= dropped;
        sorted = size;
        cut = true;
    }

    /** How many of those kept had ended by then: {@link #get} has them below that number. */
    int endedBy(long ns) {
        sort();
        return countTo(size, ns);
    }

    @SuppressWarnings("unchecked") // only add fills it
    T get(int at) {
        return (T) Objects.requireNonNull(all[at]);
    }

    /** Whether something was forgotten. */
    boolean isCut() {
        return cut;
    }

    private int countTo(int to, long ns) {
        // Most look for what has just ended.
        int high = to;
        int step = 1;
        while (step <= high && endNs.applyAsLong(get(high - step)) > ns) {
            high -= step;
            step *= 2;
        }
        int low = Math.max(0, high - step);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (endNs.applyAsLong(get(middle)) <= ns) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @SuppressWarnings("unchecked")
    private void sort() {
        if (sorted == size) {
            return;
        }
        long earliest = Long.MAX_VALUE;
        for (int at = sorted; at < size; at++) {
            earliest = Math.min(earliest, endNs.applyAsLong(get(at)));
        }
        Arrays.sort((T[]) all, countTo(sorted, earliest), size, byEnd);
        sorted = size;
    }
}
