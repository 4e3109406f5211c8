package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence;
import java.io.IOException;
import java.util.Collection;

/** Where an observation gets its evidence from: the host, or a recording. Called from the sinks' thread. */
public interface EvidenceSource {
    /** Once an interval. */
    default void sample() throws IOException {}

    /**
     * After the last interval.
     *
     * @param mattering those that may be explained, the one that waits most first; more of them cost more
     */
    Evidence finish(Collection<Container> mattering) throws IOException;
}
