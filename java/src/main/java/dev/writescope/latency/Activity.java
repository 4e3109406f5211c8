package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.probe.Kind;

/**
 * What one process did to one file in an interval; or what all others did there, as one: see {@link #isOthers}.
 *
 * @param comm name of the process
 * @param file as the container sees it, as far as known; empty when it is not
 * @param place without its options
 * @param bytes written, 0 for syncs
 * @param totalNs time in these calls
 */
public record Activity(
        Container container,
        int pid,
        String comm,
        String file,
        Kind kind,
        Place place,
        long count,
        long bytes,
        long totalNs) {
    /** What those did that are not told apart: of a kind and a device, as far as that is known. */
    public static Activity others(Kind kind, Place place, long count, long bytes, long totalNs) {
        return new Activity(Container.OTHERS, 0, "others", "", kind, place, count, bytes, totalNs);
    }

    /** Whether many processes and files are meant. */
    public boolean isOthers() {
        return pid == 0 && container.equals(Container.OTHERS);
    }
}
