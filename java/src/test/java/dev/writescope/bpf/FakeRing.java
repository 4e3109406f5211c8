package dev.writescope.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The kernel's side of a ring buffer, in plain memory: what kernel/bpf/ringbuf.c does. */
public final class FakeRing {
    public static final int BUSY = 1 << 31;
    public static final int DISCARDED = 1 << 30;

    private final MemorySegment consumer = Arena.ofAuto().allocate(4096, 8);
    private final MemorySegment producer = Arena.ofAuto().allocate(4096, 8);
    private final MemorySegment data;
    private final int size;

    public FakeRing(int size) {
        this.size = size;
        data = Arena.ofAuto().allocate(2L * size, 8);
    }

    public RingBuffer reader() {
        return new RingBuffer(consumer, producer, data);
    }

    public long consumed() {
        return consumer.get(ValueLayout.JAVA_LONG, 0);
    }

    /** Puts a record; false if the ring is full. Returns where its header is through {@link #lastHeader}. */
    public boolean put(byte[] record, int flags) {
        long position = producer.get(ValueLayout.JAVA_LONG, 0);
        long length = (8 + record.length + 7) & ~7L;
        if (position + length - consumed() > size) {
            return false;
        }
        lastHeader = position & (size - 1);
        setInt(lastHeader, record.length | flags);
        for (int i = 0; i < record.length; i++) {
            setByte((position + 8 + i) & (size - 1), record[i]);
        }
        producer.set(ValueLayout.JAVA_LONG, 0, position + length);
        return true;
    }

    private long lastHeader;

    /** Lets the last record be seen. */
    public void commitLast() {
        setInt(lastHeader, data.get(ValueLayout.JAVA_INT, lastHeader) & ~BUSY);
    }

    /** The data pages are mapped twice in a row; here both copies are written. */
    private void setByte(long at, byte value) {
        data.set(ValueLayout.JAVA_BYTE, at, value);
        data.set(ValueLayout.JAVA_BYTE, at + size, value);
    }

    private void setInt(long at, int value) {
        data.set(ValueLayout.JAVA_INT, at, value);
        data.set(ValueLayout.JAVA_INT, at + size, value);
    }
}
