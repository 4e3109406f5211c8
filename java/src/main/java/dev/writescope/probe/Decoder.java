package dev.writescope.probe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.writescope.bpf.RingBuffer;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Turns the records of the rings into events. Stateless but for its sink; allocates only for slow operations. */
final class Decoder implements RingBuffer.Consumer {
    private static final long WHOLE_FILE = -1;

    private final EventSink sink;
    private final long slowNs;
    private long foreign;

    Decoder(EventSink sink, long slowNs) {
        this.sink = sink;
        this.slowNs = slowNs;
    }

    /** Records that are too short or of no known type: a bug, never to be silent. */
    long foreign() {
        return foreign;
    }

    @Override
    public void record(MemorySegment data, long at, int length) {
        byte type = length >= Records.BLOCK_SIZE ? data.get(JAVA_BYTE, at + Records.TYPE) : 0;
        if (type == Records.TYPE_BLOCK) {
            block(data, at);
        } else if ((type == Records.TYPE_OPERATION || type == Records.TYPE_SLOW_WRITE)
                && length >= Records.OPERATION_SIZE) {
            operation(data, at, length, type);
        } else {
            foreign++;
        }
    }

    private void operation(MemorySegment data, long at, int length, byte type) {
        long latency = data.get(JAVA_LONG, at + Records.OPERATION_LATENCY);
        if (type == Records.TYPE_OPERATION) {
            long bytes = data.get(JAVA_LONG, at + Records.OPERATION_BYTES);
            sink.operation(
                    data.get(JAVA_LONG, at + Records.OPERATION_CGROUP),
                    data.get(JAVA_BYTE, at + Records.KIND),
                    data.get(JAVA_INT, at + Records.OPERATION_DEVICE),
                    data.get(JAVA_INT, at + Records.OPERATION_MOUNT),
                    data.get(JAVA_INT, at + Records.OPERATION_MAGIC),
                    latency,
                    bytes == WHOLE_FILE ? 0 : bytes,
                    data.get(JAVA_INT, at + Records.OPERATION_RESULT) < 0);
        }
        if (latency >= slowNs) {
            sink.slow(slow(data, at, length, type));
        }
    }

    private static SlowRecord slow(MemorySegment data, long at, int length, byte type) {
        int result = data.get(JAVA_INT, at + Records.OPERATION_RESULT);
        long bytes = type == Records.TYPE_SLOW_WRITE ? result : data.get(JAVA_LONG, at + Records.OPERATION_BYTES);
        return new SlowRecord(
                data.get(JAVA_BYTE, at + Records.KIND),
                data.get(JAVA_LONG, at + Records.OPERATION_CGROUP),
                data.get(JAVA_LONG, at + Records.OPERATION_LATENCY),
                data.get(JAVA_LONG, at + Records.OPERATION_UNDERLYING),
                -1,
                -1,
                data.get(JAVA_LONG, at + Records.OPERATION_END),
                data.get(JAVA_INT, at + Records.OPERATION_DEVICE),
                data.get(JAVA_INT, at + Records.OPERATION_MOUNT),
                data.get(JAVA_INT, at + Records.OPERATION_MAGIC),
                data.get(JAVA_INT, at + Records.OPERATION_PID),
                data.get(JAVA_INT, at + Records.OPERATION_TID),
                text(data, at + Records.OPERATION_COMM, Records.COMM_SIZE),
                path(data, at, length),
                data.get(JAVA_LONG, at + Records.OPERATION_OFFSET),
                Math.max(bytes, -1));
    }

    /** Components come from the file up to the root of its file system. */
    private static String path(MemorySegment data, long at, int length) {
        int size =
                Math.clamp(data.get(JAVA_INT, at + Records.OPERATION_PATH_BYTES), 0, length - Records.OPERATION_SIZE);
        List<String> components = new ArrayList<>();
        long position = at + Records.OPERATION_SIZE;
        long end = position + size;
        while (position < end) {
            String component = latin1(data, position, (int) (end - position));
            components.add(component);
            position += component.length() + 1L;
        }
        if (components.isEmpty()) {
            return "";
        }
        boolean cut = (data.get(JAVA_BYTE, at + Records.FLAGS) & Records.FLAG_PATH_CUT) != 0;
        String bytes = String.join("/", components.reversed());
        return (cut ? "…/" : "/") + new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String text(MemorySegment data, long at, int limit) {
        return new String(latin1(data, at, limit).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The bytes up to a NUL or the limit, one char each: their number stays known. */
    private static String latin1(MemorySegment data, long at, int limit) {
        byte[] bytes = new byte[limit];
        MemorySegment.copy(data, JAVA_BYTE, at, bytes, 0, limit);
        int end = 0;
        while (end < limit && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    }

    private void block(MemorySegment data, long at) {
        long cgroup = data.get(JAVA_LONG, at + Records.BLOCK_CGROUP);
        int kind = data.get(JAVA_BYTE, at + Records.KIND);
        int flags = data.get(JAVA_BYTE, at + Records.FLAGS);
        int device = data.get(JAVA_INT, at + Records.BLOCK_DEVICE);
        long total = data.get(JAVA_LONG, at + Records.BLOCK_TOTAL);
        long bytes = Integer.toUnsignedLong(data.get(JAVA_INT, at + Records.BLOCK_BYTES));
        boolean failed = data.get(JAVA_INT, at + Records.BLOCK_ERROR) != 0;
        if ((flags & Records.FLAG_PARTIAL) != 0) {
            sink.blockBytes(cgroup, kind, device, bytes);
            return;
        }
        boolean staged = (flags & Records.FLAG_NO_DEVICE_TIME) == 0;
        long queue = staged ? data.get(JAVA_LONG, at + Records.BLOCK_QUEUE) : -1;
        long onDevice = staged ? data.get(JAVA_LONG, at + Records.BLOCK_ON_DEVICE) : -1;
        // The data part of a flushed write has the stages; its end, which comes without data, has the total.
        boolean dataPart = (flags & Records.FLAG_DATA_PART) != 0;
        boolean endOfFlushed = !dataPart && bytes == 0 && kind == Kind.BLOCK_WRITE.code();
        if (staged && !endOfFlushed) {
            sink.block(cgroup, kind, Stage.QUEUE.code(), device, queue, bytes, failed);
            sink.block(cgroup, kind, Stage.DEVICE.code(), device, onDevice, bytes, failed);
        }
        if (dataPart) {
            sink.blockBytes(cgroup, kind, device, bytes);
            return;
        }
        sink.block(cgroup, kind, Stage.TOTAL.code(), device, total, bytes, failed);
        if (total >= slowNs) {
            long end = data.get(JAVA_LONG, at + Records.BLOCK_END);
            long offset = data.get(JAVA_LONG, at + Records.BLOCK_SECTOR) * 512;
            sink.slow(new SlowRecord(
                    kind, cgroup, total, 0, queue, onDevice, end, device, 0, 0, 0, 0, "", "", offset, bytes));
        }
    }
}
