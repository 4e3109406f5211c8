package dev.writescope.container;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Containers picked by their names alone, where no host is at hand to ask: those of a recording. */
public final class ContainerFilter {
    private final List<ContainerPattern> patterns;
    private final @Nullable ContainerPattern pod;
    private final @Nullable ContainerPattern namespace;

    /**
     * As {@link ContainerDirectory#select} understands its first three choices.
     *
     * @param patterns any of them has to match, if there are some
     */
    public ContainerFilter(List<String> patterns, @Nullable String pod, @Nullable String namespace) {
        this.patterns = patterns.stream().map(ContainerPattern::new).toList();
        this.pod = pod == null ? null : new ContainerPattern(pod);
        this.namespace = namespace == null ? null : new ContainerPattern(namespace);
    }

    public boolean picks(Container container) {
        return (patterns.isEmpty() || patterns.stream().anyMatch(pattern -> pattern.matches(container)))
                && (pod == null || matches(pod, container.pod()) || matches(pod, container.podUid()))
                && (namespace == null || matches(namespace, container.namespace()));
    }

    private static boolean matches(ContainerPattern pattern, String name) {
        return !name.isEmpty() && pattern.matches(name);
    }
}
