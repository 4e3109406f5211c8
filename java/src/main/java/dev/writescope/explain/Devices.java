package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence;
import dev.writescope.evidence.Evidence.DeviceLoad;
import dev.writescope.evidence.Evidence.FileSystemFacts;
import dev.writescope.evidence.Evidence.MountFacts;
import dev.writescope.latency.Place;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which disk a path, a file system or a line of the kernel's log means. */
final class Devices {
    /** What follows the disk's name in that of its partition. */
    private static final Pattern PARTITION = Pattern.compile("p?\\d+");

    /** A file system on an encrypted volume on a RAID of partitions, and some more. */
    private static final int DEEPEST = 6;

    private final Evidence evidence;

    Devices(Evidence evidence) {
        this.evidence = evidence;
    }

    /** "major:minor" of the file system that holds the data: below overlay that of the upperdir. */
    String real(Container container, Place place) {
        return mount(container, place.mount()).map(MountFacts::realDevice).orElse(place.device());
    }

    /** What is known of a container's mount, by its mount point. */
    Optional<MountFacts> mount(Container container, String point) {
        return evidence.mounts().stream()
                .filter(facts -> facts.container().equals(container)
                        && facts.mount().point().equals(point))
                .findFirst();
    }

    Optional<FileSystemFacts> fileSystem(String device) {
        return evidence.fileSystems().stream()
                .filter(facts -> facts.device().equals(device))
                .findFirst();
    }

    /** How busy it is; of a partition its own figures, or else those of the disk. */
    Optional<DeviceLoad> load(String device) {
        return exactly(device)
                .or(() -> evidence.devices().stream()
                        .filter(load -> same(load.device(), device))
                        .findFirst());
    }

    private Optional<DeviceLoad> exactly(String device) {
        return evidence.devices().stream()
                .filter(load -> load.device().equals(device))
                .findFirst();
    }

    /**
     * "major:minor" of the whole disk, which is what limits are set on; "MAJOR:MINOR" where that is not known of a number
     * that is the file system's own, as btrfs has it.
     */
    String disk(String device) {
        return exactly(device)
                .or(() -> named(source(device)))
                .map(DeviceLoad::disk)
                .orElse(isOwnNumber(device) ? "MAJOR:MINOR" : device);
    }

    private Optional<DeviceLoad> named(String path) {
        return evidence.devices().stream()
                .filter(load -> path.equals("/dev/" + load.name()))
                .findFirst();
    }

    private static boolean isOwnNumber(String device) {
        return device.startsWith("0:");
    }

    /** What a file system was mounted from, if that is a device file. */
    private String source(String device) {
        return fileSystem(device)
                .map(FileSystemFacts::source)
                .filter(source -> source.startsWith("/dev/") && !source.equals("/dev/root"))
                .orElse("");
    }

    /**
     * Whether two are one disk: equal, one a partition of the other, or one made of the other, as a mapped device is; each
     * "major:minor" or a name such as "sda1".
     */
    boolean same(String one, String other) {
        if (one.equals(other)) {
            return !one.isEmpty();
        }
        String first = name(one);
        String second = name(other);
        return isOneDisk(first, second) || isMadeOf(first, second, DEEPEST) || isMadeOf(second, first, DEEPEST);
    }

    private static boolean isOneDisk(String first, String second) {
        return first.equals(second) || isPartition(first, second) || isPartition(second, first);
    }

    /** Both by name. */
    private boolean isMadeOf(String stacked, String other, int depth) {
        return depth > 0
                && evidence.devices().stream()
                        .filter(load -> load.name().equals(stacked))
                        .flatMap(load -> Stream.of(
                                load.queue().getOrDefault("slaves", "").split(" ")))
                        .filter(below -> !below.isEmpty())
                        .map(this::name)
                        .anyMatch(below -> isOneDisk(below, other) || isMadeOf(below, other, depth - 1));
    }

    private static boolean isPartition(String disk, String partition) {
        return !disk.isEmpty()
                && partition.startsWith(disk)
                // sda1 is one of sda, and loop12 is none of loop1
                && (Character.isDigit(disk.charAt(disk.length() - 1)) == partition.startsWith("p", disk.length()))
                && PARTITION.matcher(partition.substring(disk.length())).matches();
    }

    /** Such as "sda1"; the number itself if nobody knows. */
    String name(String device) {
        return exactly(device).map(DeviceLoad::name).orElse(device);
    }

    /** For a sentence, such as "sda1 (8:1)". */
    String shown(String device) {
        String name = name(device);
        return name.equals(device) ? device : name + " (" + device + ")";
    }

    /** The device file, such as "/dev/sda1". */
    String path(String device) {
        String name = name(device);
        if (!name.equals(device)) {
            return "/dev/" + name;
        }
        String source = source(device);
        return source.isEmpty() ? "/dev/block/" + device : source;
    }

    /** For a shell: where the host has a file system mounted, which only the host knows. */
    static String mountPoint(String device) {
        return "\"$(findmnt -fno TARGET -S " + ShellWord.quote(device) + ")\"";
    }
}
