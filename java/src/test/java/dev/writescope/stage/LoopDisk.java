package dev.writescope.stage;

import java.nio.file.Path;

/**
 * An ext4 file system with a journal on a loop device; it lives as long as its stage.
 *
 * @param mountPoint where the host sees it
 * @param device "major:minor", as in /proc/self/mountinfo
 */
public record LoopDisk(Path mountPoint, String device) {
    /** This disk as a volume of a container, mounted at {@code path}. */
    public Volume at(String path) {
        return new Volume(mountPoint, path);
    }
}
