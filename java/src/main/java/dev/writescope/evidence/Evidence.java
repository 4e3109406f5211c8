package dev.writescope.evidence;

import dev.writescope.container.Container;
import dev.writescope.container.Mount;
import dev.writescope.container.MountClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the host's files say about a window of time. Lists hold what was found; what could not be read is named in
 * {@code missing}, with the reason, so that "none" and "unknown" stay apart.
 *
 * @param missing such as "kernel log: needs CAP_SYSLOG"
 */
public record Evidence(
        Instant start,
        Duration duration,
        List<DeviceLoad> devices,
        List<FileSystemFacts> fileSystems,
        List<MountFacts> mounts,
        List<IoLimit> limits,
        List<Pressure> pressure,
        List<CgroupIo> cgroups,
        List<ProcessIo> processes,
        List<DeletedFile> deleted,
        List<UpperDirectory> upperDirectories,
        List<KernelMessage> messages,
        DirtyMemory dirty,
        List<String> missing) {

    /** Whether this is how everything was set at the start of a recording that was cut short: all rates are unknown. */
    public boolean isOfStartOnly() {
        return duration.isZero() && !(devices.isEmpty() && mounts.isEmpty());
    }

    /** The same, of which something more could not be read. */
    Evidence without(String reason) {
        return new Evidence(
                start,
                duration,
                devices,
                fileSystems,
                mounts,
                limits,
                pressure,
                cgroups,
                processes,
                deleted,
                upperDirectories,
                messages,
                dirty,
                Stream.concat(Stream.of(reason), missing.stream()).toList());
    }

    /**
     * A block device over the window, as iostat computes it from /proc/diskstats.
     *
     * @param device "major:minor"
     * @param name such as "sda"
     * @param utilisation share of the time with a request in flight, 0 to 1
     * @param queueSize requests in flight on average
     * @param flushesPerSecond FLUSH commands; NaN before Linux 5.5, as is flushAwaitMs
     * @param scheduler such as "mq-deadline"; empty when not known, as is writeCache ("write back")
     * @param disk "major:minor" of the whole disk that a partition is on, whose queue it has; else the device itself
     * @param queue other settings of the queue as they are set, such as "nr_requests", "wbt_lat_usec" and "slaves" (the
     *     devices that a stacked one is made of); what this device does not have is not there
     */
    public record DeviceLoad(
            String device,
            String name,
            double utilisation,
            double queueSize,
            double readsPerSecond,
            double readAwaitMs,
            double writesPerSecond,
            double writeAwaitMs,
            double writtenBytesPerSecond,
            double flushesPerSecond,
            double flushAwaitMs,
            boolean rotational,
            String scheduler,
            String writeCache,
            String disk,
            Map<String, String> queue) {
        /** One whose queue has no other settings. */
        public DeviceLoad(
                String device,
                String name,
                double utilisation,
                double queueSize,
                double readsPerSecond,
                double readAwaitMs,
                double writesPerSecond,
                double writeAwaitMs,
                double writtenBytesPerSecond,
                double flushesPerSecond,
                double flushAwaitMs,
                boolean rotational,
                String scheduler,
                String writeCache) {
            this(
                    device,
                    name,
                    utilisation,
                    queueSize,
                    readsPerSecond,
                    readAwaitMs,
                    writesPerSecond,
                    writeAwaitMs,
                    writtenBytesPerSecond,
                    flushesPerSecond,
                    flushAwaitMs,
                    rotational,
                    scheduler,
                    writeCache,
                    device,
                    Map.of());
        }
    }

    /**
     * A file system that a container writes to.
     *
     * @param options as the file system itself has them, defaults included (/proc/fs/ext4/DEVICE/options), else the
     *     super block's options of mountinfo
     * @param journal commits in the window by jbd2's own count, null without a jbd2 journal
     * @param totalInodes 0 where the file system has no fixed number
     * @param errors that ext4 has found since the file system was last checked, not only in the window; 0 for others,
     *     whose errors are only in the kernel's log
     */
    public record FileSystemFacts(
            String device,
            String fstype,
            String source,
            String options,
            @Nullable Journal journal,
            long totalBytes,
            long freeBytes,
            long totalInodes,
            long freeInodes,
            long errors) {}

    /**
     * A jbd2 journal, from /proc/fs/jbd2.
     *
     * @param commits in the window
     * @param requested those of them that somebody asked for, instead of the commit interval
     * @param commitMs the kernel's moving average
     * @param fastCommits in the window, of ext4 with the feature fast_commit; else 0
     */
    public record Journal(long commits, long requested, double commitMs, long fastCommits) {
        /** One without fast commits. */
        public Journal(long commits, long requested, double commitMs) {
            this(commits, requested, commitMs, 0);
        }
    }

    /**
     * A mount of a container. {@link Mount} has its options as the kernel has them.
     *
     * @param realDevice "major:minor" of the file system that holds the data: below overlay that of the upperdir
     */
    public record MountFacts(Container container, Mount mount, MountClass mountClass, String realDevice) {}

    /**
     * A limit of a container's cgroup or of one above it.
     *
     * @param device "major:minor"; empty where it is for all
     * @param name such as "wbps", "wiops", "weight", "latency", "memory.max"
     * @param file where it is set
     * @param throttledNs time held back in the window as far as the kernel counts it, else -1
     */
    public record IoLimit(Container container, String device, String name, long value, String file, long throttledNs) {}

    /** Pressure stall information of a container (or of "host" as a whole): share of the window, 0 to 1. */
    public record Pressure(Container container, double ioSome, double ioFull, double memorySome) {}

    /** A container's traffic with a device in the window, as its cgroup's io controller counts it. */
    public record CgroupIo(
            Container container, String device, long readBytes, long writtenBytes, long reads, long writes) {}

    /**
     * A process in the window, from /proc/PID/io and stat.
     *
     * @param writtenBytes made dirty or written directly
     * @param delayNs block I/O delay of the main thread; -1 when the kernel does not account it (kernel.task_delayacct)
     */
    public record ProcessIo(
            Container container,
            int pid,
            String comm,
            long readBytes,
            long writtenBytes,
            long cancelledBytes,
            long delayNs) {}

    /** A file without a name that a process still holds open; bytes are allocated ones, at the start and end. */
    public record DeletedFile(
            Container container, int pid, String comm, String file, String device, long startBytes, long endBytes) {}

    /**
     * What was found in a container's writable layer.
     *
     * @param smallFiles shorter than 4 KiB
     * @param complete false if the walk was cut short by its limit of files or time
     */
    public record UpperDirectory(
            Container container,
            String path,
            long files,
            long smallFiles,
            long directories,
            long whiteouts,
            long bytes,
            boolean complete,
            Duration took) {}

    /** A line of the kernel log in the window. */
    public record KernelMessage(Instant time, Topic topic, String device, String text) {
        /** What it is about. */
        public enum Topic {
            IO_ERROR,
            FILE_SYSTEM_ERROR,
            TIMEOUT,
            HUNG_TASK,
            OUT_OF_MEMORY
        }
    }

    /**
     * Dirty memory and its limits, from /proc/vmstat and /proc/sys/vm; bytes.
     *
     * @param dirtyBytes the most that was seen in the window, as is writebackBytes
     * @param settings vm.dirty_* by name, as they are set
     */
    public record DirtyMemory(
            long dirtyBytes,
            long writebackBytes,
            long thresholdBytes,
            long backgroundBytes,
            Map<String, String> settings) {}
}
