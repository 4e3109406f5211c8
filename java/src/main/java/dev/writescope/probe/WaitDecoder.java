package dev.writescope.probe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.writescope.probe.Wait.Cause;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Turns what the programs tell of waits, commits and requests into events. */
final class WaitDecoder {
    private static final int OVERLAY_MAGIC = 0x794c7630;

    private final EventSink sink;
    private final IntFunction<Cause> causes;

    /** @param causes of a stack, by its number; negative when it is not known */
    WaitDecoder(EventSink sink, IntFunction<Cause> causes) {
        this.sink = sink;
        this.causes = causes;
    }

    /** A sync that never slept. */
    void withoutWaits(MemorySegment data, long at) {
        sink.waited(record(data, at, 0, 0, List.of()));
    }

    void waits(MemorySegment data, long at) {
        sink.waited(record(
                data,
                at,
                data.get(JAVA_INT, at + Records.WAITS_REAL_DEVICE),
                data.get(JAVA_LONG, at + Records.WAITS_RUNNABLE),
                list(data, at + Records.WAITS_WAIT, data.get(JAVA_INT, at + Records.WAITS_COUNT))));
    }

    private static WaitRecord record(MemorySegment data, long at, int belowOverlay, long runnable, List<Wait> waits) {
        int device = data.get(JAVA_INT, at + Records.OPERATION_DEVICE);
        int magic = data.get(JAVA_INT, at + Records.OPERATION_MAGIC);
        return new WaitRecord(
                data.get(JAVA_BYTE, at + Records.KIND),
                data.get(JAVA_LONG, at + Records.OPERATION_CGROUP),
                data.get(JAVA_LONG, at + Records.OPERATION_LATENCY),
                data.get(JAVA_LONG, at + Records.OPERATION_END),
                device,
                belowOverlay != 0 || magic == OVERLAY_MAGIC ? belowOverlay : device,
                data.get(JAVA_INT, at + Records.OPERATION_MOUNT),
                magic,
                data.get(JAVA_INT, at + Records.OPERATION_PID),
                data.get(JAVA_INT, at + Records.OPERATION_TID),
                magic == OVERLAY_MAGIC ? data.get(JAVA_LONG, at + Records.OPERATION_UNDERLYING) : 0,
                runnable,
                waits);
    }

    private List<Wait> list(MemorySegment data, long at, int count) {
        List<Wait> waits = new ArrayList<>();
        for (int i = 0; i < Math.clamp(count, 0, Records.MOST_WAITS); i++) {
            long wait = at + (long) i * Records.WAIT_SIZE;
            waits.add(new Wait(
                    causes.apply(data.get(JAVA_INT, wait + Records.WAIT_STACK)),
                    data.get(JAVA_LONG, wait + Records.WAIT_NS),
                    data.get(JAVA_LONG, wait + Records.WAIT_END),
                    data.get(JAVA_INT, wait + Records.WAIT_TIMES)));
        }
        return waits;
    }

    void commit(MemorySegment data, long at) {
        long logging = data.get(JAVA_LONG, at + Records.COMMIT_LOGGING);
        for (Wait wait : list(data, at + Records.COMMIT_WAIT, data.get(JAVA_INT, at + Records.COMMIT_COUNT))) {
            // The kernel submits the journal's blocks before it waits for the data (bpf/waits.bpf.c).
            if (wait.cause() == Cause.DATA) {
                logging = Math.max(logging, wait.endNs());
            }
        }
        sink.commit(new CommitRecord(
                data.get(JAVA_INT, at + Records.COMMIT_DEVICE),
                data.get(JAVA_INT, at + Records.COMMIT_TRANSACTION),
                data.get(JAVA_LONG, at + Records.COMMIT_START),
                data.get(JAVA_LONG, at + Records.COMMIT_FLUSHING),
                logging,
                data.get(JAVA_LONG, at + Records.COMMIT_END)));
    }

    /** @param issued whether it went to the device by itself */
    void request(MemorySegment data, long at, boolean issued) {
        long end = data.get(JAVA_LONG, at + Records.BLOCK_END);
        sink.request(new RequestRecord(
                data.get(JAVA_LONG, at + Records.BLOCK_CGROUP),
                data.get(JAVA_BYTE, at + Records.KIND),
                data.get(JAVA_INT, at + Records.BLOCK_DEVICE),
                end - data.get(JAVA_LONG, at + Records.BLOCK_TOTAL),
                issued ? end - data.get(JAVA_LONG, at + Records.BLOCK_ON_DEVICE) : 0,
                end,
                data.get(JAVA_LONG, at + Records.BLOCK_SECTOR),
                Integer.toUnsignedLong(data.get(JAVA_INT, at + Records.BLOCK_BYTES))));
    }
}
