package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** For runs whose host was not asked, or cannot be any more. */
public final class NoEvidence implements EvidenceSource {
    private final String reason;

    /** @param reason follows the name of each list, such as "the recording has no evidence" */
    public NoEvidence(String reason) {
        this.reason = reason;
    }

    @Override
    public Evidence finish(Collection<Container> mattering) {
        return new Evidence(
                Instant.EPOCH,
                Duration.ZERO,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new Evidence.DirtyMemory(0, 0, 0, 0, Map.of()),
                List.of("how busy devices were, limits, mounts, deleted files, inodes, the kernel's log: " + reason));
    }
}
