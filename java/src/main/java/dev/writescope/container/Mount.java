package dev.writescope.container;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One line of a process's mountinfo.
 *
 * @param id the kernel's mount id (field 1), which the BPF programs send; unique while mounted
 * @param device "major:minor" as the kernel prints it
 * @param root the part of the file system that is mounted (field 4)
 * @param point where it is mounted, as the container sees it
 * @param options per-mount options (field 6)
 * @param superOptions options of the file system (last field), without an overlay's directories
 * @param upperdir the writable directory of an overlay, or empty
 */
public record Mount(
        int id,
        String device,
        String fstype,
        String root,
        String point,
        String source,
        String options,
        String superOptions,
        MountClass mountClass,
        String upperdir) {
    /** The options of the mount, then those of the file system that do not repeat them. */
    public String allOptions() {
        return Stream.of(options, superOptions)
                .flatMap(list -> Arrays.stream(list.split(",")))
                .filter(option -> !option.isEmpty())
                .distinct()
                .collect(Collectors.joining(","));
    }
}
