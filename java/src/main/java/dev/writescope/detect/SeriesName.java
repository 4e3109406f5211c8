package dev.writescope.detect;

import dev.writescope.container.Container;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What is judged as one: a container's operation. Some kinds are told apart: a flush and a read have nothing in common,
 * so more of the one would look like a change.
 *
 * @param kind null where all kinds are judged together
 * @param mount null where all mounts are judged together
 */
record SeriesName(
        Container container,
        Operation operation,
        @Nullable Kind kind,
        @Nullable String mount) {
    static SeriesName of(SeriesKey key, boolean perMount) {
        Operation operation = key.operation();
        return new SeriesName(
                key.container(),
                operation,
                key.kind().isJudgedAlone() ? key.kind() : null,
                perMount && operation != Operation.BLOCK ? key.place().mount() : null);
    }

    /** The same in every run, unlike the hash of an enum. */
    String label() {
        return container.displayName() + container.service() + operation.label() + mount;
    }
}
