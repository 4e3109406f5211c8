package dev.writescope.container;

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
        String upperdir) {}
