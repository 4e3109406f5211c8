package dev.writescope.latency;

import dev.writescope.probe.Kind;
import dev.writescope.probe.RequestRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The newest writes and flushes of each disk. Bounded; belongs to the recording thread. */
final class Requests {
    static final int MOST_PER_DISK = 1 << 16;
    private static final int MOST_FLUSHES_PER_DISK = 1 << 12;
    private static final int MOST_DISKS = 64;

    private final Disks disks;
    private final Map<Integer, History<RequestRecord>> writes = new HashMap<>();
    private final Map<Integer, History<RequestRecord>> flushes = new HashMap<>();
    private List<History<RequestRecord>> last = List.of();
    private int lastDisk;
    private int lastDevice;
    /** Devices, partitions included, that requests were for. */
    private final Set<Integer> seen = new HashSet<>();

    Requests(Disks disks) {
        this.disks = disks;
    }

    void add(RequestRecord request) {
        if (request.kind() == Kind.BLOCK_WRITE.code()) {
            addWrite(request);
        } else if (request.kind() == Kind.BLOCK_FLUSH.code()) {
            int disk = disks.of(request.device());
            if (flushes.size() < MOST_DISKS || flushes.containsKey(disk)) {
                flushes.computeIfAbsent(disk, none -> new History<>(MOST_FLUSHES_PER_DISK, RequestRecord::endNs))
                        .add(request);
            }
        }
    }

    private void addWrite(RequestRecord request) {
        if (request.device() != lastDevice) {
            int disk = disks.of(request.device());
            if (!writes.containsKey(disk)) {
                if (writes.size() == MOST_DISKS) {
                    return;
                }
                writes.put(disk, new History<>(MOST_PER_DISK, RequestRecord::endNs));
            }
            seen.add(request.device());
            lastDevice = request.device();
        }
        ofDisk(disks.of(lastDevice)).getFirst().add(request);
    }

    /** One or none. */
    private List<History<RequestRecord>> ofDisk(int disk) {
        if (disk != lastDisk || last.isEmpty()) {
            History<RequestRecord> history = writes.get(disk);
            last = history == null ? List.of() : List.of(history);
            lastDisk = disk;
        }
        return last;
    }

    /** Those of the disk that serves a device; of all disks if that one is not known to have had any. */
    Collection<History<RequestRecord>> serving(int device) {
        List<History<RequestRecord>> own = ofDisk(disks.of(device));
        return own.isEmpty() ? writes.values() : own;
    }

    /** Those of the disk that serves a device; null if it had none. */
    @Nullable
    History<RequestRecord> flushes(int device) {
        return flushes.get(disks.of(device));
    }

    /** Whether a request can be for a device: where partitions are told apart, only if it is for that one. */
    boolean isFor(RequestRecord request, int device) {
        return request.device() == device || !seen.contains(device);
    }
}
