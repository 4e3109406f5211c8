package dev.writescope.container;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing that somebody asked for; a cgroup is selected if every choice picks it. */
sealed interface Choice {

    /**
     * Whether a cgroup is meant.
     *
     * @param container the owner in that id space
     */
    boolean picks(IdSpace space, Cgroup cgroup, Container container);

    /** How it was asked for, for a message. */
    String text();

    /** Names that may have been meant, if nothing is picked. */
    default List<String> nearest(Collection<Container> containers) {
        return List.of();
    }

    /** By name or id, as {@link ContainerPattern}. */
    record ByPattern(ContainerPattern pattern) implements Choice {
        @Override
        public boolean picks(IdSpace space, Cgroup cgroup, Container container) {
            return pattern.matches(container);
        }

        @Override
        public String text() {
            return pattern.text();
        }

        @Override
        public List<String> nearest(Collection<Container> containers) {
            List<String> near = EditDistance.nearest(
                    text(), containers.stream().map(Container::name).toList());
            return near.isEmpty()
                    ? EditDistance.nearest(
                            text(),
                            containers.stream().map(Container::displayName).toList())
                    : near;
        }
    }

    /** Any of some choices. */
    record AnyOf(List<? extends Choice> choices) implements Choice {
        @Override
        public boolean picks(IdSpace space, Cgroup cgroup, Container container) {
            return choices.stream().anyMatch(choice -> choice.picks(space, cgroup, container));
        }

        @Override
        public String text() {
            return String.join(", ", choices.stream().map(Choice::text).toList());
        }
    }

    /** By the pod's name or UID. */
    record ByPod(ContainerPattern pattern) implements Choice {
        @Override
        public boolean picks(IdSpace space, Cgroup cgroup, Container container) {
            return (!container.pod().isEmpty() && pattern.matches(container.pod()))
                    || (!container.podUid().isEmpty() && pattern.matches(container.podUid()));
        }

        @Override
        public String text() {
            return "pod " + pattern.text();
        }

        @Override
        public List<String> nearest(Collection<Container> containers) {
            return EditDistance.nearest(
                    pattern.text(), containers.stream().map(Container::pod).toList());
        }
    }

    /** By Kubernetes namespace. */
    record ByNamespace(ContainerPattern pattern) implements Choice {
        @Override
        public boolean picks(IdSpace space, Cgroup cgroup, Container container) {
            return !container.namespace().isEmpty() && pattern.matches(container.namespace());
        }

        @Override
        public String text() {
            return "namespace " + pattern.text();
        }

        @Override
        public List<String> nearest(Collection<Container> containers) {
            return EditDistance.nearest(
                    pattern.text(),
                    containers.stream().map(Container::namespace).toList());
        }
    }

    /**
     * A cgroup and those below it; runtimes use the same path in every hierarchy.
     *
     * @param path below the cgroup mount
     */
    record Below(String path) implements Choice {
        @Override
        public boolean picks(IdSpace space, Cgroup cgroup, Container container) {
            return path.equals("/") || cgroup.path.equals(path) || cgroup.path.startsWith(path + "/");
        }

        @Override
        public String text() {
            return "cgroup " + path;
        }
    }

    /**
     * All cgroups of the container that a process was in, or else just the process's cgroups.
     *
     * @param taskPath its cgroup's path, empty if there is no such process; so is blockPath
     * @param owner null if it was in no container
     */
    record OfProcess(
            int pid,
            String taskPath,
            String blockPath,
            @Nullable CgroupPath owner) implements Choice {
        @Override
        public boolean picks(IdSpace space, Cgroup cgroup, Container container) {
            String path = space == IdSpace.TASK ? taskPath : blockPath;
            return owner != null ? owner.equals(cgroup.owner) : !path.isEmpty() && path.equals(cgroup.path);
        }

        @Override
        public String text() {
            return "process " + pid;
        }
    }
}
