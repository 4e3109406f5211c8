package dev.writescope.probe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.writescope.bpf.RingBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Invented events that take the way of the kernel's, from ring and lane through the decoder. Needs no privileges.
 */
public final class Rehearsal {
    /** As many as make the JVM compile the way; fewer than fill a small ring. */
    private static final int RECORDS = 512;

    private static final int RING = 128 * 1024;
    private static final long LATENCY_NS = 1_009_000;
    private static final int EXT4_MAGIC = 0xef53;
    private static final int PAGE = 4096;

    private Rehearsal() {}

    /** Sends syncs, writes and block requests of the root cgroup, some of them slow. */
    public static void send(EventSink sink) {
        try (Arena arena = Arena.ofConfined()) {
            Decoder decoder = new Decoder(sink, LATENCY_NS + RECORDS - 3, null);
            ring(arena).drain(decoder);
            lane(arena).drain(sink);
        }
    }

    private static RingBuffer ring(Arena arena) {
        MemorySegment positions = arena.allocate(2L * PAGE, PAGE);
        MemorySegment data = arena.allocate(2L * RING, PAGE);
        long at = 0;
        for (int i = 0; i < RECORDS; i++) {
            int length = i % 2 == 0 ? Records.OPERATION_SIZE + 8 : Records.BLOCK_SIZE;
            data.set(JAVA_INT, at, length);
            if (i % 2 == 0) {
                sync(data.asSlice(at + 8, length), LATENCY_NS + i);
            } else {
                request(data.asSlice(at + 8, length), LATENCY_NS + i);
            }
            at += 8 + length;
        }
        positions.set(JAVA_LONG, PAGE, at);
        return new RingBuffer(positions.asSlice(0, PAGE), positions.asSlice(PAGE, PAGE), data);
    }

    private static void sync(MemorySegment record, long latency) {
        record.set(JAVA_BYTE, Records.TYPE, Records.TYPE_OPERATION);
        record.set(JAVA_BYTE, Records.KIND, (byte) Kind.FDATASYNC.code());
        record.set(JAVA_LONG, Records.OPERATION_CGROUP, 1);
        record.set(JAVA_LONG, Records.OPERATION_LATENCY, latency);
        record.set(JAVA_LONG, Records.OPERATION_END, System.nanoTime());
        record.set(JAVA_INT, Records.OPERATION_MAGIC, EXT4_MAGIC);
        record.setString(Records.OPERATION_COMM, "rehearsal");
        record.set(JAVA_INT, Records.OPERATION_PATH_BYTES, 8);
        record.setString(Records.OPERATION_SIZE, "journal");
    }

    private static void request(MemorySegment record, long latency) {
        record.set(JAVA_BYTE, Records.TYPE, Records.TYPE_BLOCK);
        record.set(JAVA_BYTE, Records.KIND, (byte) Kind.BLOCK_WRITE.code());
        record.set(JAVA_LONG, Records.BLOCK_CGROUP, 1);
        record.set(JAVA_LONG, Records.BLOCK_TOTAL, latency);
        record.set(JAVA_LONG, Records.BLOCK_ON_DEVICE, latency);
        record.set(JAVA_LONG, Records.BLOCK_END, System.nanoTime());
        record.set(JAVA_INT, Records.BLOCK_BYTES, PAGE);
    }

    private static Lane lane(Arena arena) {
        MemorySegment memory = arena.allocate(Tracer.laneBytes(RECORDS), PAGE);
        for (int i = 0; i < RECORDS; i++) {
            MemorySegment record = memory.asSlice(Records.LANE_RECORDS + (long) i * Records.WRITE_SIZE);
            record.set(JAVA_LONG, Records.WRITE_CGROUP, 1);
            record.set(JAVA_LONG, Records.WRITE_KIND_LATENCY, (long) Kind.BUFFERED.code() << 56 | LATENCY_NS + i);
            record.set(JAVA_INT, Records.WRITE_MAGIC, EXT4_MAGIC);
            record.set(JAVA_INT, Records.WRITE_RESULT, PAGE);
        }
        memory.set(JAVA_LONG, Records.LANE_HEAD, RECORDS);
        return new Lane(memory, false);
    }
}
