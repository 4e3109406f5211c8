package dev.writescope.probe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.writescope.bpf.RingBuffer;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Turns the records of the rings into events. Stateless but for its sink; allocates only for slow operations, and where
 * it was asked for what operations wait for.
 */
final class Decoder implements RingBuffer.Consumer {
    private static final long WHOLE_FILE = -1;

    private final EventSink sink;
    private final long slowNs;
    private final @Nullable WaitDecoder waits;
    private final Activities activities = new Activities();
    private long foreign;

    /** @param waits for records of waits; null where they are not asked for */
    Decoder(EventSink sink, long slowNs, @Nullable WaitDecoder waits) {
        this.sink = sink;
        this.slowNs = slowNs;
        this.waits = waits;
    }

    Activities activities() {
        return activities;
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
            operation(data, at, length, type == Records.TYPE_OPERATION, Records.OPERATION_SIZE);
            boolean lost = (data.get(JAVA_BYTE, at + Records.FLAGS) & Records.FLAG_WAITS_LOST) != 0;
            if (waits != null && type == Records.TYPE_OPERATION && !lost) {
                waits.withoutWaits(data, at);
            }
        } else if (waits == null || !waiting(waits, data, at, length, type)) {
            foreign++;
        }
    }

    private boolean waiting(WaitDecoder to, MemorySegment data, long at, int length, byte type) {
        if ((type == Records.TYPE_WAITS || type == Records.TYPE_WRITE_WAITS) && length >= Records.WAITS_SIZE) {
            operation(data, at, length, type == Records.TYPE_WAITS, Records.WAITS_SIZE);
            to.waits(data, at);
        } else if (type == Records.TYPE_COMMIT && length >= Records.COMMIT_SIZE) {
            to.commit(data, at);
        } else if (type == Records.TYPE_FILE && length >= Records.FILE_SIZE) {
            activities.file(data, at, length);
        } else {
            return false;
        }
        return true;
    }

    /** @param counts false if a lane has it already */
    private void operation(MemorySegment data, long at, int length, boolean counts, int pathOffset) {
        long latency = data.get(JAVA_LONG, at + Records.OPERATION_LATENCY);
        if (counts) {
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
            sink.slow(slow(data, at, length, counts, pathOffset));
        }
    }

    private static SlowRecord slow(MemorySegment data, long at, int length, boolean isSync, int pathOffset) {
        int result = data.get(JAVA_INT, at + Records.OPERATION_RESULT);
        long bytes = isSync ? data.get(JAVA_LONG, at + Records.OPERATION_BYTES) : result;
        int pathBytes = Math.clamp(data.get(JAVA_INT, at + Records.OPERATION_PATH_BYTES), 0, length - pathOffset);
        boolean cut = (data.get(JAVA_BYTE, at + Records.FLAGS) & Records.FLAG_PATH_CUT) != 0;
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
                RecordText.text(data, at + Records.OPERATION_COMM, Records.COMM_SIZE),
                RecordText.path(data, at + pathOffset, pathBytes, cut),
                data.get(JAVA_LONG, at + Records.OPERATION_OFFSET),
                Math.max(bytes, -1));
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
        if (waits != null) {
            waits.request(data, at, staged && !endOfFlushed);
        }
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
