package dev.writescope.probe;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Reads one CPU's lane: the write records that the programs put into a mmap-ed array (struct lane in bpf/events.h).
 * One consumer thread; the producer publishes a record before its head, hence the acquire load.
 */
final class Lane {
    private static final VarHandle LONG = JAVA_LONG.varHandle();
    private static final long LATENCY_MASK = (1L << 56) - 1;
    /** Above it is WRITE_SLEPT. */
    private static final int KIND_MASK = 0x7f;

    /** Give space back this often while draining, so that a fast writer never sees the lane full for our sake. */
    private static final int GIVE_BACK = 256;

    private static final int RECORD_LONGS = Records.WRITE_SIZE / Long.BYTES;
    private static final int CGROUP = Records.WRITE_CGROUP / Long.BYTES;
    private static final int KIND_LATENCY = Records.WRITE_KIND_LATENCY / Long.BYTES;
    private static final int DEVICE_MOUNT = Records.WRITE_DEVICE / Long.BYTES;
    private static final int MAGIC_RESULT = Records.WRITE_MAGIC / Long.BYTES;

    /** A fast writer's records of the longest time that a busy machine keeps us waiting; more on hosts of few CPUs. */
    private static final int FEWEST_WANTED = 8192;

    private static final int MOST = 131072;
    /** What all lanes may take together: if it is enough for what is wanted, and if not. */
    private static final long FEW_CPUS_BYTES = 32L << 20;

    private static final long MANY_CPUS_BYTES = 128L << 20;

    private final MemorySegment memory;
    private final boolean waits;
    private final long mask;
    /** A batch of records: reading an array costs half of reading foreign memory field by field. */
    private final long[] batch = new long[GIVE_BACK * RECORD_LONGS];

    private long tail;

    /**
     * @param memory the lane: its header and a power of two of records
     * @param waits whether the programs say of each write if it slept
     */
    Lane(MemorySegment memory, boolean waits) {
        this.memory = memory;
        this.waits = waits;
        this.mask = (memory.byteSize() - Records.LANE_RECORDS) / Records.WRITE_SIZE - 1;
        this.tail = memory.get(JAVA_LONG, Records.LANE_TAIL);
    }

    /**
     * How many records a lane gets if nobody says so, a power of two: every CPU that the kernel may ever have gets one, so
     * that all together take 32 MiB up to 128 CPUs, 256 KiB each up to 512, and 128 MiB beyond.
     */
    static int defaultRecords(int cpus) {
        long share = FEW_CPUS_BYTES / Records.WRITE_SIZE / cpus;
        long most = MANY_CPUS_BYTES / Records.WRITE_SIZE / cpus;
        return (int) Long.highestOneBit(Math.clamp(share, Math.min(FEWEST_WANTED, most), MOST));
    }

    int drain(EventSink sink) {
        long head = (long) LONG.getAcquire(memory, (long) Records.LANE_HEAD);
        int count = (int) (head - tail);
        while (tail < head) {
            long first = tail & mask;
            int records = (int) Math.min(Math.min(head - tail, GIVE_BACK), mask + 1 - first);
            MemorySegment.copy(
                    memory,
                    JAVA_LONG,
                    Records.LANE_RECORDS + first * Records.WRITE_SIZE,
                    batch,
                    0,
                    records * RECORD_LONGS);
            tail += records;
            LONG.setRelease(memory, (long) Records.LANE_TAIL, tail);
            for (int at = 0; at < records * RECORD_LONGS; at += RECORD_LONGS) {
                take(batch, at, sink);
            }
        }
        return count;
    }

    private void take(long[] batch, int at, EventSink sink) {
        long kindLatency = batch[at + KIND_LATENCY];
        long deviceMount = batch[at + DEVICE_MOUNT];
        long magicResult = batch[at + MAGIC_RESULT];
        long cgroup = batch[at + CGROUP];
        int kind = (int) (kindLatency >>> 56) & KIND_MASK;
        int device = (int) deviceMount;
        int mount = (int) (deviceMount >> 32);
        int magic = (int) magicResult;
        int result = (int) (magicResult >> 32);
        long latency = kindLatency & LATENCY_MASK;
        sink.operation(cgroup, kind, device, mount, magic, latency, Math.max(result, 0), result < 0);
        if (waits && kindLatency >= 0) {
            sink.ran(cgroup, kind, device, mount, magic, latency);
        }
    }

    long lostWrite() {
        return (long) LONG.getOpaque(memory, (long) Records.LANE_LOST_WRITE);
    }

    long lostFsync() {
        return (long) LONG.getOpaque(memory, (long) Records.LANE_LOST_FSYNC);
    }

    long lostBlock() {
        return (long) LONG.getOpaque(memory, (long) Records.LANE_LOST_BLOCK);
    }
}
