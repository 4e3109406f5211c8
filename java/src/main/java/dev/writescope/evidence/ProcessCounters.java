package dev.writescope.evidence;

import dev.writescope.container.HostPaths;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What one process has done so far, from /proc/PID/io (Linux 2.6.20) and stat.
 *
 * @param started when, in ticks since boot: with the pid it names a process for good; 0 of one that did no I/O
 * @param delayTicks its main thread waited for block I/O, in ticks of 10 ms
 */
record ProcessCounters(
        String comm, long started, long readBytes, long writtenBytes, long cancelledBytes, long delayTicks) {
    /** Counted from the field behind comm, which is the third of proc_pid_stat(5). */
    private static final int STARTTIME = 22 - 3;

    private static final int DELAYACCT_BLKIO_TICKS = 42 - 3;

    /** @throws IOException also if the process ends meanwhile */
    static ProcessCounters read(HostPaths host, int pid) throws IOException {
        Path process = host.proc().resolve(Integer.toString(pid));
        Map<String, Long> io = KernelText.numbersByLine(KernelText.read(process.resolve("io")));
        long read = io.getOrDefault("read_bytes", 0L);
        long written = io.getOrDefault("write_bytes", 0L);
        return read == 0 && written == 0
                ? new ProcessCounters("", 0, 0, 0, 0, 0)
                : parse(
                        KernelText.read(process.resolve("stat")),
                        read,
                        written,
                        io.getOrDefault("cancelled_write_bytes", 0L));
    }

    /** A name can hold spaces and parentheses; nothing behind it can. */
    static ProcessCounters parse(String stat, long read, long written, long cancelled) throws IOException {
        int open = stat.indexOf('(');
        int close = stat.lastIndexOf(')');
        if (open < 0 || close < open) {
            throw new IOException("a process without a name");
        }
        String[] fields = stat.substring(close + 1).strip().split(" ", -1);
        return new ProcessCounters(
                stat.substring(open + 1, close),
                field(fields, STARTTIME),
                read,
                written,
                cancelled,
                field(fields, DELAYACCT_BLKIO_TICKS));
    }

    private static long field(String[] fields, int index) {
        return index < fields.length ? Math.max(0, KernelText.number(fields[index])) : 0;
    }
}
