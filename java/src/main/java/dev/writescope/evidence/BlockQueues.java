package dev.writescope.evidence;

import dev.writescope.container.Directories;
import dev.writescope.container.HostPaths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How the kernel's queues of block devices are set (Documentation/ABI/stable/sysfs-block), from /sys/dev/block. */
final class BlockQueues {
    private static final List<String> SETTINGS = List.of("nr_requests", "wbt_lat_usec", "max_sectors_kb", "fua");

    private final Path devices;

    /**
     * The queue of one device.
     *
     * @param disk the device itself, or the one it is a partition of
     * @param scheduler empty when not known, as is writeCache
     */
    record Queue(String disk, boolean rotational, String scheduler, String writeCache, Map<String, String> settings) {}

    BlockQueues(HostPaths host) {
        devices = host.resolve("/sys/dev/block");
    }

    /** @param device "major:minor" */
    Queue read(String device) {
        Path directory = devices.resolve(device);
        boolean partition = Files.exists(directory.resolve("partition"));
        // A link into the tree of devices, where a partition is below its disk.
        Path whole = partition ? directory.resolve("..") : directory;
        String disk = partition ? KernelText.readOrEmpty(whole.resolve("dev")) : device;
        Path queue = whole.resolve("queue");
        Map<String, String> settings = new LinkedHashMap<>();
        for (String name : SETTINGS) {
            put(settings, name, KernelText.readOrEmpty(queue.resolve(name)));
        }
        put(settings, "slaves", slaves(whole));
        return new Queue(
                KernelText.DEVICE.matcher(disk).matches() ? disk : device,
                KernelText.readOrEmpty(queue.resolve("rotational")).equals("1"),
                chosen(KernelText.readOrEmpty(queue.resolve("scheduler"))),
                KernelText.readOrEmpty(queue.resolve("write_cache")),
                settings);
    }

    private static void put(Map<String, String> settings, String name, String value) {
        if (!value.isEmpty() && value.length() <= 256) {
            settings.put(name, value);
        }
    }

    /** Of "none [mq-deadline] kyber" the one in brackets; a device without a choice has a plain name. */
    private static String chosen(String schedulers) {
        int open = schedulers.indexOf('[');
        int close = schedulers.indexOf(']', open + 1);
        return open < 0 || close < 0 ? schedulers.split("\\s", 2)[0] : schedulers.substring(open + 1, close);
    }

    private static String slaves(Path device) {
        return Directories.list(device.resolve("slaves"), "*").stream()
                .map(slave -> KernelText.readOrEmpty(slave.resolve("dev")))
                .filter(number -> KernelText.DEVICE.matcher(number).matches())
                .sorted(Comparator.naturalOrder())
                .limit(16)
                .collect(Collectors.joining(" "));
    }
}
