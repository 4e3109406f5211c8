package dev.writescope.latency;

import dev.writescope.container.MountClass;
import org.jspecify.annotations.Nullable;

/**
 * Where an operation went.
 *
 * @param fstype "ext4", "overlay", …; empty for block requests
 * @param device "major:minor"
 * @param mount the mount point as the container sees it; empty for block requests and while it is not known
 * @param mountClass null for block requests and while the mount is not known
 */
public record Place(
        String fstype,
        String device,
        String mount,
        @Nullable MountClass mountClass) {}
