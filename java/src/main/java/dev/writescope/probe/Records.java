package dev.writescope.probe;

import dev.writescope.bpf.Btf;
import java.util.Map;

/**
 * Where the fields of the records in bpf/events.h are. Checked against the compiled programs by {@link #check}, at each
 * start and in a test, so a changed struct is an error and not garbage.
 *
 * <pre>
 * operation_record                  block_record                 write_record (in a lane)
 *  0 type, kind, flags, -  result    0 type, kind, flags, -       0 cgroup
 *  8 cgroup                          4 device                     8 kind &lt;&lt; 56 | latency
 * 16 latency                         8 cgroup                    16 device, mount
 * 24 underlying                     16 total                     24 magic, result
 * 32 end                            24 queue
 * 40 device, mount                  32 on_device                 lane
 * 48 magic, path_bytes              40 end                        0 head
 * 56 pid, tid                       48 sector                     8 lost_write, lost_fsync, lost_block
 * 64 offset                         56 bytes, error              64 tail
 * 72 bytes                                                      128 records
 * 80 comm (16)
 * 96 path
 *
 * waits_record                      commit_record                file_record
 *  0 operation_record                0 type, -, -, -              0 type, kind, flags, -
 * 96 runnable                        4 device                     4 path_bytes
 * 104 real_device, count             8 transaction, count         8 activity_key
 * 112 wait (13)                     16 start, flushing,          40 path
 * 424 path                             logging, end
 *                                   48 wait (13)                 activity
 * wait                                                            0 count, bytes, total
 *  0 ns                             activity_key                 24 mount, magic
 *  8 end                             0 cgroup, inode             32 has_path, -
 * 16 times, stack                   16 device, process, kind,    40 comm (16)
 *                                     generation
 * </pre>
 */
final class Records {
    static final int TYPE = 0;
    static final int KIND = 1;
    static final int FLAGS = 2;

    static final byte TYPE_OPERATION = 1;
    static final byte TYPE_SLOW_WRITE = 2;
    static final byte TYPE_BLOCK = 3;
    static final byte TYPE_WAITS = 4;
    static final byte TYPE_WRITE_WAITS = 5;
    static final byte TYPE_COMMIT = 6;
    static final byte TYPE_FILE = 7;

    static final int OPERATION_RESULT = 4;
    static final int OPERATION_CGROUP = 8;
    static final int OPERATION_LATENCY = 16;
    static final int OPERATION_UNDERLYING = 24;
    static final int OPERATION_END = 32;
    static final int OPERATION_DEVICE = 40;
    static final int OPERATION_MOUNT = 44;
    static final int OPERATION_MAGIC = 48;
    static final int OPERATION_PATH_BYTES = 52;
    static final int OPERATION_PID = 56;
    static final int OPERATION_TID = 60;
    static final int OPERATION_OFFSET = 64;
    static final int OPERATION_BYTES = 72;
    static final int OPERATION_COMM = 80;
    static final int OPERATION_SIZE = 96;
    static final int COMM_SIZE = 16;
    static final byte FLAG_PATH_CUT = 1;
    static final byte FLAG_WAITS_LOST = 2;

    static final int BLOCK_DEVICE = 4;
    static final int BLOCK_CGROUP = 8;
    static final int BLOCK_TOTAL = 16;
    static final int BLOCK_QUEUE = 24;
    static final int BLOCK_ON_DEVICE = 32;
    static final int BLOCK_END = 40;
    static final int BLOCK_SECTOR = 48;
    static final int BLOCK_BYTES = 56;
    static final int BLOCK_ERROR = 60;
    static final int BLOCK_SIZE = 64;
    static final byte FLAG_DATA_PART = 1;
    static final byte FLAG_PARTIAL = 2;
    static final byte FLAG_NO_DEVICE_TIME = 4;

    static final int WAIT_NS = 0;
    static final int WAIT_END = 8;
    static final int WAIT_TIMES = 16;
    static final int WAIT_STACK = 20;
    static final int WAIT_SIZE = 24;
    static final int MOST_WAITS = 13;

    static final int WAITS_RUNNABLE = OPERATION_SIZE;
    static final int WAITS_REAL_DEVICE = OPERATION_SIZE + 8;
    static final int WAITS_COUNT = OPERATION_SIZE + 12;
    static final int WAITS_WAIT = OPERATION_SIZE + 16;
    static final int WAITS_SIZE = WAITS_WAIT + MOST_WAITS * WAIT_SIZE;

    static final int COMMIT_DEVICE = 4;
    static final int COMMIT_TRANSACTION = 8;
    static final int COMMIT_COUNT = 12;
    static final int COMMIT_START = 16;
    static final int COMMIT_FLUSHING = 24;
    static final int COMMIT_LOGGING = 32;
    static final int COMMIT_END = 40;
    static final int COMMIT_WAIT = 48;
    static final int COMMIT_SIZE = COMMIT_WAIT + MOST_WAITS * WAIT_SIZE;

    static final int KEY_CGROUP = 0;
    static final int KEY_INODE = 8;
    static final int KEY_DEVICE = 16;
    static final int KEY_PROCESS = 20;
    static final int KEY_KIND = 24;
    static final int KEY_GENERATION = 28;
    static final int KEY_SIZE = 32;

    static final int ACTIVITY_COUNT = 0;
    static final int ACTIVITY_BYTES = 8;
    static final int ACTIVITY_TOTAL = 16;
    static final int ACTIVITY_MOUNT = 24;
    static final int ACTIVITY_MAGIC = 28;
    static final int ACTIVITY_COMM = 40;
    static final int ACTIVITY_SIZE = 56;

    static final int FILE_PATH_BYTES = 4;
    static final int FILE_KEY = 8;
    static final int FILE_SIZE = FILE_KEY + KEY_SIZE;

    static final int WRITE_CGROUP = 0;
    static final int WRITE_KIND_LATENCY = 8;
    static final int WRITE_DEVICE = 16;
    static final int WRITE_MOUNT = 20;
    static final int WRITE_MAGIC = 24;
    static final int WRITE_RESULT = 28;
    static final int WRITE_SIZE = 32;

    static final int LANE_HEAD = 0;
    static final int LANE_LOST_WRITE = 8;
    static final int LANE_LOST_FSYNC = 16;
    static final int LANE_LOST_BLOCK = 24;
    static final int LANE_TAIL = 64;
    static final int LANE_RECORDS = 128;

    private Records() {}

    /** @throws IllegalStateException if the programs were compiled with another layout */
    static void check(Btf btf) {
        expect(
                btf,
                "operation_record",
                OPERATION_SIZE,
                Map.ofEntries(
                        Map.entry("type", TYPE),
                        Map.entry("kind", KIND),
                        Map.entry("flags", FLAGS),
                        Map.entry("result", OPERATION_RESULT),
                        Map.entry("cgroup", OPERATION_CGROUP),
                        Map.entry("latency", OPERATION_LATENCY),
                        Map.entry("underlying", OPERATION_UNDERLYING),
                        Map.entry("end", OPERATION_END),
                        Map.entry("device", OPERATION_DEVICE),
                        Map.entry("mount", OPERATION_MOUNT),
                        Map.entry("magic", OPERATION_MAGIC),
                        Map.entry("path_bytes", OPERATION_PATH_BYTES),
                        Map.entry("pid", OPERATION_PID),
                        Map.entry("tid", OPERATION_TID),
                        Map.entry("offset", OPERATION_OFFSET),
                        Map.entry("bytes", OPERATION_BYTES),
                        Map.entry("comm", OPERATION_COMM)));
        expect(
                btf,
                "block_record",
                BLOCK_SIZE,
                Map.ofEntries(
                        Map.entry("type", TYPE),
                        Map.entry("kind", KIND),
                        Map.entry("flags", FLAGS),
                        Map.entry("device", BLOCK_DEVICE),
                        Map.entry("cgroup", BLOCK_CGROUP),
                        Map.entry("total", BLOCK_TOTAL),
                        Map.entry("queue", BLOCK_QUEUE),
                        Map.entry("on_device", BLOCK_ON_DEVICE),
                        Map.entry("end", BLOCK_END),
                        Map.entry("sector", BLOCK_SECTOR),
                        Map.entry("bytes", BLOCK_BYTES),
                        Map.entry("error", BLOCK_ERROR)));
        checkWaits(btf);
        expect(
                btf,
                "write_record",
                WRITE_SIZE,
                Map.of(
                        "cgroup", WRITE_CGROUP,
                        "kind_latency", WRITE_KIND_LATENCY,
                        "device", WRITE_DEVICE,
                        "mount", WRITE_MOUNT,
                        "magic", WRITE_MAGIC,
                        "result", WRITE_RESULT));
        expect(
                btf,
                "lane",
                LANE_RECORDS,
                Map.of(
                        "head", LANE_HEAD,
                        "lost_write", LANE_LOST_WRITE,
                        "lost_fsync", LANE_LOST_FSYNC,
                        "lost_block", LANE_LOST_BLOCK,
                        "tail", LANE_TAIL,
                        "records", LANE_RECORDS));
    }

    private static void checkWaits(Btf btf) {
        expect(
                btf,
                "wait",
                WAIT_SIZE,
                Map.of("ns", WAIT_NS, "end", WAIT_END, "times", WAIT_TIMES, "stack", WAIT_STACK));
        expect(
                btf,
                "waits_record",
                WAITS_SIZE,
                Map.of(
                        "operation", 0,
                        "runnable", WAITS_RUNNABLE,
                        "real_device", WAITS_REAL_DEVICE,
                        "count", WAITS_COUNT,
                        "wait", WAITS_WAIT));
        expect(
                btf,
                "commit_record",
                COMMIT_SIZE,
                Map.of(
                        "type", TYPE,
                        "device", COMMIT_DEVICE,
                        "transaction", COMMIT_TRANSACTION,
                        "count", COMMIT_COUNT,
                        "start", COMMIT_START,
                        "flushing", COMMIT_FLUSHING,
                        "logging", COMMIT_LOGGING,
                        "end", COMMIT_END,
                        "wait", COMMIT_WAIT));
        expect(
                btf,
                "activity_key",
                KEY_SIZE,
                Map.of(
                        "cgroup", KEY_CGROUP,
                        "inode", KEY_INODE,
                        "device", KEY_DEVICE,
                        "process", KEY_PROCESS,
                        "kind", KEY_KIND,
                        "generation", KEY_GENERATION));
        expect(
                btf,
                "activity",
                ACTIVITY_SIZE,
                Map.of(
                        "count", ACTIVITY_COUNT,
                        "bytes", ACTIVITY_BYTES,
                        "total", ACTIVITY_TOTAL,
                        "mount", ACTIVITY_MOUNT,
                        "magic", ACTIVITY_MAGIC,
                        "comm", ACTIVITY_COMM));
        expect(
                btf,
                "file_record",
                FILE_SIZE,
                Map.of("type", TYPE, "flags", FLAGS, "path_bytes", FILE_PATH_BYTES, "key", FILE_KEY));
    }

    private static void expect(Btf btf, String struct, int size, Map<String, Integer> offsets) {
        Map<String, Btf.Slot> fields = btf.fields(struct);
        offsets.forEach((name, offset) -> {
            Btf.Slot slot = fields.get(name);
            if (slot == null || slot.offset() != offset) {
                throw new IllegalStateException("struct " + struct + " of the BPF programs has " + name + " at "
                        + (slot == null ? "no place" : slot.offset()) + ", not at " + offset);
            }
        });
        if (btf.size(struct) != size) {
            throw new IllegalStateException(
                    "struct " + struct + " of the BPF programs has " + btf.size(struct) + " bytes, not " + size);
        }
    }
}
