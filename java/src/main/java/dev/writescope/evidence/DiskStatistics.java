package dev.writescope.evidence;

import dev.writescope.container.HostPaths;
import dev.writescope.evidence.Evidence.DeviceLoad;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The counters of /proc/diskstats at one moment (Documentation/admin-guide/iostats.rst); what lies between two moments
 * is what iostat -x prints.
 */
record DiskStatistics(Map<String, Counters> devices) {
    private static final int MAX_DEVICES = 4096;
    private static final int MAX_LOADS = 256;
    /** Times are 32 bits wide in all kernels. */
    private static final long TIME_RANGE = 1L << 32;

    private static final int SECTOR_BYTES = 512;
    private static final Pattern NAME = Pattern.compile("[!-~]{1,64}");

    /**
     * One line. Times are milliseconds.
     *
     * @param flushes -1 before Linux 5.5
     */
    record Counters(
            String name,
            long reads,
            long readTime,
            long writes,
            long writtenSectors,
            long writeTime,
            long busyTime,
            long queuedTime,
            long flushes,
            long flushTime) {
        boolean isEarlierOf(Counters other) {
            return name.equals(other.name) && reads <= other.reads && writes <= other.writes;
        }
    }

    static DiskStatistics read(HostPaths host) throws IOException {
        return parse(KernelText.read(host.proc().resolve("diskstats")));
    }

    static DiskStatistics parse(String text) {
        Map<String, Counters> devices = new LinkedHashMap<>();
        for (String[] words : KernelText.lines(text)) {
            Counters counters = counters(words);
            if (counters != null && devices.size() < MAX_DEVICES) {
                devices.put(words[0] + ":" + words[1], counters);
            }
        }
        return new DiskStatistics(devices);
    }

    private static @Nullable Counters counters(String[] words) {
        if (words.length < 14
                || !KernelText.DEVICE.matcher(words[0] + ":" + words[1]).matches()
                || !NAME.matcher(words[2]).matches()) {
            return null;
        }
        long[] numbers = new long[words.length];
        for (int i = 3; i < words.length; i++) {
            numbers[i] = KernelText.number(words[i]);
            if (numbers[i] < 0) {
                return null;
            }
        }
        boolean countsFlushes = words.length >= 20;
        return new Counters(
                words[2],
                numbers[3],
                numbers[6],
                numbers[7],
                numbers[9],
                numbers[10],
                numbers[12],
                numbers[13],
                countsFlushes ? numbers[18] : -1,
                countsFlushes ? numbers[19] : -1);
    }

    /** The kernel's name of a device, as in /sys/block; empty if it has no such device. */
    String name(String device) {
        Counters counters = devices.get(device);
        return counters == null ? "" : counters.name;
    }

    /** "major:minor" of a device by its name; empty if there is none. */
    String device(String name) {
        return devices.entrySet().stream()
                .filter(entry -> entry.getValue().name.equals(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    /** The load since an earlier moment of the devices that had any, and of those that are wanted anyway. */
    List<DeviceLoad> since(DiskStatistics before, Duration elapsed, Set<String> wanted, BlockQueues queues) {
        List<DeviceLoad> loads = new ArrayList<>();
        devices.forEach((device, now) -> {
            Counters then = before.devices.get(device);
            // Another device can have taken the number.
            boolean same = then != null && then.isEarlierOf(now);
            Counters base = same && then != null ? then : now;
            if (loads.size() < MAX_LOADS && (wanted.contains(device) || !base.equals(now))) {
                loads.add(load(device, base, now, elapsed, queues.read(device)));
            }
        });
        return loads;
    }

    private static DeviceLoad load(
            String device, Counters then, Counters now, Duration elapsed, BlockQueues.Queue queue) {
        double millis = Math.max(1e-6, elapsed.toNanos() / 1e6);
        long reads = now.reads - then.reads;
        long writes = now.writes - then.writes;
        boolean countsFlushes = now.flushes >= 0 && then.flushes >= 0;
        long flushes = Math.max(0, now.flushes - then.flushes);
        return new DeviceLoad(
                device,
                now.name,
                Math.min(1, time(then.busyTime, now.busyTime) / millis),
                time(then.queuedTime, now.queuedTime) / millis,
                1000 * reads / millis,
                each(time(then.readTime, now.readTime), reads),
                1000 * writes / millis,
                each(time(then.writeTime, now.writeTime), writes),
                1000.0 * SECTOR_BYTES * Math.max(0, now.writtenSectors - then.writtenSectors) / millis,
                countsFlushes ? 1000 * flushes / millis : Double.NaN,
                countsFlushes ? each(time(then.flushTime, now.flushTime), flushes) : Double.NaN,
                queue.rotational(),
                queue.scheduler(),
                queue.writeCache(),
                queue.disk(),
                queue.settings());
    }

    private static double each(double total, long count) {
        return count == 0 ? 0 : total / count;
    }

    private static double time(long before, long after) {
        long passed = Math.floorMod(after - before, TIME_RANGE);
        return passed < TIME_RANGE / 2 ? passed : 0;
    }
}
