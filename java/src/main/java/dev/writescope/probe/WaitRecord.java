package dev.writescope.probe;

import java.util.List;

/**
 * What one sync or write waited for, sent where that was asked for; the operation itself is counted apart. The rest of
 * its time it was on a CPU. Comes for every sync, and for writes that gave their CPU away: all others ran all the time.
 *
 * @param kind code of a {@link Kind}
 * @param cgroup in the default hierarchy's id space
 * @param device the file's, as the operation's; an overlay's own for a file on overlay
 * @param realDevice the device of the file system below overlay, else as {@code device}; 0 when not known
 * @param underlyingNs time in the file system below overlay; 0 if the file is not on overlay, or none was seen
 * @param runnableNs ready to run, waiting for a CPU
 */
public record WaitRecord(
        int kind,
        long cgroup,
        long latencyNs,
        long endNs,
        int device,
        int realDevice,
        int mount,
        int magic,
        int pid,
        int tid,
        long underlyingNs,
        long runnableNs,
        List<Wait> waits) {
    /** One that is not on overlay. */
    public WaitRecord(
            int kind,
            long cgroup,
            long latencyNs,
            long endNs,
            int device,
            int realDevice,
            int mount,
            int magic,
            int pid,
            int tid,
            long runnableNs,
            List<Wait> waits) {
        this(kind, cgroup, latencyNs, endNs, device, realDevice, mount, magic, pid, tid, 0, runnableNs, waits);
    }

    public WaitRecord {
        waits = List.copyOf(waits);
    }
}
