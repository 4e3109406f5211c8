package dev.writescope.bpf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Reads a BPF ring buffer where it lies, without a call or an object per record.
 *
 * <pre>
 * consumer page    position: u64, ours
 * producer page    position: u64, the kernel's
 * data, twice in a row, so that no record is ever cut
 *   record         length: u32 (bit 31 busy, bit 30 discarded), page offset: u32, data, padding to 8
 * </pre>
 *
 * One consumer thread. The kernel publishes a record by clearing its busy bit with release semantics, hence the
 * acquire loads. Source of the format: kernel/bpf/ringbuf.c.
 */
public final class RingBuffer {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private static final int BUSY = 1 << 31;
    private static final int DISCARDED = 1 << 30;
    private static final int HEADER = 8;
    /** Giving space back per record costs 1.4 times as much; per 64 KiB nothing. */
    private static final long GIVE_BACK = 64 * 1024;

    /** Takes one record; it is valid only during the call. */
    @FunctionalInterface
    public interface Consumer {
        void record(MemorySegment data, long offset, int length);
    }

    private final MemorySegment consumer;
    private final MemorySegment producer;
    private final MemorySegment data;
    private final long mask;
    private long position;

    /**
     * @param consumer the consumer page
     * @param producer the producer page
     * @param data twice the size of the ring
     */
    public RingBuffer(MemorySegment consumer, MemorySegment producer, MemorySegment data) {
        this.consumer = consumer;
        this.producer = producer;
        this.data = data;
        this.mask = data.byteSize() / 2 - 1;
        this.position = (long) LONG.getAcquire(consumer, 0L);
    }

    /** Bytes that wait to be read. */
    public long pending() {
        return (long) LONG.getAcquire(producer, 0L) - position;
    }

    /**
     * Takes everything that is complete now.
     *
     * @return how many records were taken
     */
    public int drain(Consumer taker) {
        long end = (long) LONG.getAcquire(producer, 0L);
        long given = position;
        int records = 0;
        while (position < end) {
            long at = position & mask;
            int header = (int) INT.getAcquire(data, at);
            if ((header & BUSY) != 0) {
                break;
            }
            int length = header & ~(BUSY | DISCARDED);
            if ((header & DISCARDED) == 0) {
                taker.record(data, at + HEADER, length);
                records++;
            }
            position += (HEADER + length + 7) & ~7L;
            if (position - given >= GIVE_BACK) {
                LONG.setRelease(consumer, 0L, position);
                given = position;
            }
        }
        LONG.setRelease(consumer, 0L, position);
        return records;
    }
}
