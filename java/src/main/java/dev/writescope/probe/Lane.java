package dev.writescope.probe;

import static java.lang.foreign.ValueLayout.JAVA_INT;
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
    /** Give space back this often while draining, so that a fast writer never sees the lane full for our sake. */
    private static final int GIVE_BACK = 1024;

    private final MemorySegment memory;
    private final long mask;
    private long tail;

    /** @param memory the lane: its header and a power of two of records */
    Lane(MemorySegment memory) {
        this.memory = memory;
        this.mask = (memory.byteSize() - Records.LANE_RECORDS) / Records.WRITE_SIZE - 1;
        this.tail = memory.get(JAVA_LONG, Records.LANE_TAIL);
    }

    int drain(EventSink sink) {
        long head = (long) LONG.getAcquire(memory, (long) Records.LANE_HEAD);
        int count = (int) (head - tail);
        while (tail < head) {
            long end = Math.min(head, tail + GIVE_BACK);
            for (; tail < end; tail++) {
                take(Records.LANE_RECORDS + (tail & mask) * Records.WRITE_SIZE, sink);
            }
            LONG.setRelease(memory, (long) Records.LANE_TAIL, tail);
        }
        return count;
    }

    private void take(long at, EventSink sink) {
        long kindLatency = memory.get(JAVA_LONG, at + Records.WRITE_KIND_LATENCY);
        int result = memory.get(JAVA_INT, at + Records.WRITE_RESULT);
        sink.operation(
                memory.get(JAVA_LONG, at + Records.WRITE_CGROUP),
                (int) (kindLatency >>> 56),
                memory.get(JAVA_INT, at + Records.WRITE_DEVICE),
                memory.get(JAVA_INT, at + Records.WRITE_MOUNT),
                memory.get(JAVA_INT, at + Records.WRITE_MAGIC),
                kindLatency & LATENCY_MASK,
                Math.max(result, 0),
                result < 0);
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
