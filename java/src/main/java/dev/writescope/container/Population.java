package dev.writescope.container;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's own count of the cgroups of a hierarchy: two small reads instead of a walk over cgroups that did not
 * change. Equal counts do not prove that nothing changed: one cgroup may have replaced another.
 */
final class Population {
    private static final int MAX_BYTES = 1 << 16;

    private final Path v2Counts;
    private final Path v1Counts;
    private @Nullable String last;

    Population(Path mountPoint, HostPaths host) {
        v2Counts = mountPoint.resolve("cgroup.stat");
        v1Counts = host.proc().resolve("cgroups");
    }

    /** False only if the counts are known, and the same as when this was last asked. */
    boolean mayHaveChanged() {
        String before = last;
        last = counts();
        return last == null || !last.equals(before);
    }

    /** Counts of all v1 hierarchies will do: a change in another one costs a walk too many. */
    private @Nullable String counts() {
        try {
            return BoundedFile.readText(v2Counts, MAX_BYTES);
        } catch (IOException notV2) {
            try {
                return BoundedFile.readText(v1Counts, MAX_BYTES);
            } catch (IOException neither) {
                return null;
            }
        }
    }
}
