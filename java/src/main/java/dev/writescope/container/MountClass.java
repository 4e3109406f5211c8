package dev.writescope.container;

import java.util.Locale;

/** What a mount is to its container. */
public enum MountClass {
    /** The container's writable overlay layer. */
    UPPERDIR,
    /** A volume, bind mount or hostPath. */
    VOLUME,
    TMPFS,
    /** A mount of the host, seen by a process outside containers. */
    HOST;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
