package dev.writescope.view;

import dev.writescope.container.Container;
import dev.writescope.latency.Place;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What one row of a view is about. A dimension that the view merges is null or "".
 *
 * @param place with "" for a device, and "" or null for a mount's fields, that are merged or not known
 */
public record RowKey(
        Container container,
        Operation operation,
        Stage stage,
        @Nullable Kind kind,
        Place place) {
    /** Whether it is a part of a sync or a write, or what is in its parts, such as overlay. */
    boolean isPhase() {
        return operation != Operation.BLOCK && stage != Stage.TOTAL;
    }

    /** The stage for people, who have to see that it is in the others' sum already. */
    String phase() {
        return stage == Stage.OVERLAY ? "of which overlay itself" : stage.label();
    }

    /** What it is called where no column tells kinds apart. */
    String name() {
        return kind == Kind.COPY_UP ? kind.label() : operation.label();
    }

    RowKey at(Stage other) {
        return new RowKey(container, operation, other, kind, place);
    }
}
