package dev.writescope.compare;

import java.util.ArrayList;
import java.util.List;

/** What is gathered of one subject: counts per slot of the recording's timeline. */
final class Samples {
    private List<SparseCounts> slots = new ArrayList<>();
    private long count;
    private long errors;

    /** Those of several subjects together, of which there is at least one. */
    static Samples sum(List<Samples> parts, int slots) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        Samples sum = new Samples();
        for (Samples part : parts) {
            sum.count += part.count;
            sum.errors += part.errors;
        }
        for (int slot = 0; slot < slots; slot++) {
            int at = slot;
            sum.slots.add(
                    SparseCounts.sum(parts.stream().map(part -> part.in(at)).toList()));
        }
        return sum;
    }

    /** Adds to a slot; by how many bytes this has grown. */
    long add(int slot, SparseCounts counts, long operations, long failed) {
        count += operations;
        errors += failed;
        while (slots.size() <= slot) {
            slots.add(SparseCounts.EMPTY);
        }
        SparseCounts sum = slots.get(slot).plus(counts);
        long more = (long) sum.bytes() - slots.get(slot).bytes();
        slots.set(slot, sum);
        return more;
    }

    /** Merges slots; the bytes that are left. */
    long coarsen(int[] becomes) {
        List<SparseCounts> before = slots;
        slots = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < before.size(); i++) {
            bytes += addTo(becomes[i], before.get(i));
        }
        return bytes;
    }

    private long addTo(int slot, SparseCounts counts) {
        return add(slot, counts, 0, 0);
    }

    long count() {
        return count;
    }

    long errors() {
        return errors;
    }

    /** Empty for slots in which there was nothing. */
    SparseCounts in(int slot) {
        return slot < slots.size() ? slots.get(slot) : SparseCounts.EMPTY;
    }
}
