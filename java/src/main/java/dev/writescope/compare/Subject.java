package dev.writescope.compare;

import dev.writescope.container.Container;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What is compared: in both recordings the same, whatever ids it had there.
 *
 * @param container its display name: namespace/pod/name in Kubernetes, else the name; "host/cron.service" for a unit
 * @param kind null where the kinds of an operation are taken together; block requests and copy-ups are told apart by kind
 * @param mount the mount point; null where all mounts are taken together
 */
public record Subject(
        String container,
        Operation operation,
        @Nullable Kind kind,
        @Nullable String mount) {

    /** As the views call an owner. */
    static String nameOf(Container container) {
        return container.service().isEmpty()
                ? container.displayName()
                : container.displayName() + "/" + container.service();
    }

    /** All its mounts together. */
    Subject everywhere() {
        return new Subject(container, operation, kind, null);
    }

    /** The same of another container. */
    Subject of(String other) {
        return new Subject(other, operation, kind, mount);
    }
}
