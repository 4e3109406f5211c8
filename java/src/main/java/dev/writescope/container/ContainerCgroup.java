package dev.writescope.container;

import java.nio.file.Path;

/**
 * A cgroup that is there, and whose it is. A container can have several: in each id space, and below one another.
 *
 * @param v2 whether it is in the default hierarchy, whose files have other names than those of v1
 * @param mountPoint of its hierarchy
 * @param path below the mount point, "/" for the root
 */
public record ContainerCgroup(
        Container container, IdSpace space, boolean v2, Path mountPoint, Path directory, String path) {}
