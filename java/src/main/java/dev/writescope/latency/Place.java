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
 * @param options of the mount and its file system as the kernel lists them, such as "rw,noatime,data=journal",
 *     without an overlay's directories; empty for block requests and while the mount is not known
 */
public record Place(
        String fstype,
        String device,
        String mount,
        @Nullable MountClass mountClass,
        String options) {
    /** One whose options are not known or do not matter. */
    public Place(String fstype, String device, String mount, @Nullable MountClass mountClass) {
        this(fstype, device, mount, mountClass, "");
    }
}
