package dev.writescope.probe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.writescope.bpf.BpfException;
import dev.writescope.bpf.BpfMap;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sums that the programs keep of who does what to which file (bpf/activity.h). Their paths come once, through the
 * ring. Belongs to the thread that drains.
 */
final class Activities {
    static final int MOST_ENTRIES = 16384;

    private record Key(long cgroup, long inode, int generation, int device, int process, int kind) {
        static Key of(MemorySegment data, long at) {
            return new Key(
                    data.get(JAVA_LONG, at + Records.KEY_CGROUP),
                    data.get(JAVA_LONG, at + Records.KEY_INODE),
                    data.get(JAVA_INT, at + Records.KEY_GENERATION),
                    data.get(JAVA_INT, at + Records.KEY_DEVICE),
                    data.get(JAVA_INT, at + Records.KEY_PROCESS),
                    data.get(JAVA_INT, at + Records.KEY_KIND));
        }
    }

    private final Map<Key, String> paths = new HashMap<>();
    private Map<Key, Long> before = Map.of();
    private long seenBegun;
    private long neverSeen;

    /** Takes a path from the ring. */
    void file(MemorySegment data, long at, int length) {
        if (paths.size() >= 2 * MOST_ENTRIES) {
            return; // nobody has read the sums for long
        }
        int size = Math.clamp(data.get(JAVA_INT, at + Records.FILE_PATH_BYTES), 0, length - Records.FILE_SIZE);
        boolean cut = (data.get(JAVA_BYTE, at + Records.FLAGS) & Records.FLAG_PATH_CUT) != 0;
        paths.put(Key.of(data, at + Records.FILE_KEY), RecordText.path(data, at + Records.FILE_SIZE, size, cut));
    }

    /**
     * All there is now.
     *
     * @param begun how many sums there have ever been, read before
     */
    List<ActivityRecord> read(BpfMap map, long begun) throws BpfException {
        Map<Key, ActivityRecord> all = new HashMap<>();
        map.entries(Records.KEY_SIZE, Records.ACTIVITY_SIZE, MOST_ENTRIES, (keyData, value) -> {
            Key key = Key.of(keyData, 0);
            all.put(key, record(key, value));
        });
        looked(all, begun);
        paths.keySet().retainAll(all.keySet());
        return List.copyOf(all.values());
    }

    /** One that counts less than before made room in between, and began anew. */
    private void looked(Map<Key, ActivityRecord> now, long begun) {
        Map<Key, Long> counts = new HashMap<>();
        now.forEach((key, record) -> {
            if (record.count() < before.getOrDefault(key, Long.MAX_VALUE)) {
                seenBegun++;
            }
            counts.put(key, record.count());
        });
        neverSeen = Math.max(neverSeen, begun - seenBegun);
        before = counts;
    }

    /** Sums that made room for others before they were read. */
    long neverSeen() {
        return neverSeen;
    }

    private ActivityRecord record(Key key, MemorySegment value) {
        return new ActivityRecord(
                key.cgroup,
                key.process,
                RecordText.text(value, Records.ACTIVITY_COMM, Records.COMM_SIZE),
                key.kind,
                key.device,
                value.get(JAVA_INT, Records.ACTIVITY_MOUNT),
                value.get(JAVA_INT, Records.ACTIVITY_MAGIC),
                key.inode,
                key.generation,
                paths.getOrDefault(key, ""),
                value.get(JAVA_LONG, Records.ACTIVITY_COUNT),
                value.get(JAVA_LONG, Records.ACTIVITY_BYTES),
                value.get(JAVA_LONG, Records.ACTIVITY_TOTAL));
    }
}
