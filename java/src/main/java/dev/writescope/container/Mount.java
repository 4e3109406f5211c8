package dev.writescope.container;

import java.util.Arrays;
import java.util.Set;
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
 * @param superOptions options of the file system (last field)
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
    private static final Set<String> OVERLAY_DIRECTORIES = Set.of("lowerdir", "upperdir", "workdir");

    /** The options of the mount, then those of the file system that do not repeat them; no overlay directories. */
    public String allOptions() {
        return Stream.of(options, superOptions)
                .flatMap(list -> Arrays.stream(list.split(",")))
                .filter(option -> !option.isEmpty() && !OVERLAY_DIRECTORIES.contains(option.split("=", 2)[0]))
                .distinct()
                .collect(Collectors.joining(","));
    }
}
