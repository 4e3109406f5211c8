package dev.writescope.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** The OCI bundles of containerd, its Kubernetes distributions and Docker's own copy of it. */
final class ContainerdState {
    private static final String KUBERNETES = "k8s.io";
    private static final String DOCKER = "moby";

    private final List<Path> usual;
    private final ContainerdShims shims;

    ContainerdState(HostPaths host) {
        shims = new ContainerdShims(host);
        usual = List.of(
                        host.run().resolve("containerd"),
                        host.run().resolve("k3s/containerd"),
                        host.run().resolve("k0s/containerd"),
                        host.run().resolve("docker/containerd/daemon"),
                        host.var().resolve("snap/microk8s/common/run/containerd"))
                .stream()
                .map(state -> state.resolve("io.containerd.runtime.v2.task"))
                .toList();
    }

    /** Makes the running shims be looked at again, if something is in none of the usual places. */
    void forgetShims() {
        shims.forget();
    }

    boolean hasTask(String namespace, String id) {
        Path task = Path.of(namespace, id);
        return hasTask(usual, task) || hasTask(shims.taskDirectories(), task);
    }

    private static boolean hasTask(Collection<Path> taskDirectories, Path task) {
        return taskDirectories.stream().anyMatch(tasks -> Files.isDirectory(tasks.resolve(task)));
    }

    Names find(CgroupPath cgroup) {
        Names names = find(usual, cgroup);
        return names.equals(Names.NONE) ? find(shims.taskDirectories(), cgroup) : names;
    }

    private static Names find(Collection<Path> taskDirectories, CgroupPath cgroup) {
        String known = cgroup.containerdNamespace();
        for (Path tasks : taskDirectories) {
            for (Path namespace : known.isEmpty() ? Directories.list(tasks, "*") : List.of(tasks.resolve(known))) {
                Path bundle = namespace.resolve(cgroup.id());
                if (Files.isDirectory(bundle)) {
                    return names(bundle, Directories.name(namespace), cgroup.runtime());
                }
            }
        }
        return Names.NONE;
    }

    private static Names names(Path bundle, String namespace, String runtime) {
        Names names = bundleNames(bundle.resolve("config.json"));
        String manager = switch (namespace) {
            case KUBERNETES -> "containerd";
            case DOCKER -> "docker";
            // What ctr starts has no name but its id; nerdctl gives one.
            default -> runtime.equals("ctr") && names.name().isEmpty() ? "ctr" : "containerd";
        };
        return new Names("", manager, "", "", "", "").or(names);
    }

    /** The names in an OCI config.json, as far as it could be read. */
    static Names bundleNames(Path config) {
        Labels labels = new Labels();
        try {
            JsonStrings.read(config, (path, value) -> {
                if (path.size() == 2 && path.getFirst().equals("annotations")) {
                    labels.put(path.getLast(), value);
                }
            });
        } catch (IOException e) {
            // No bundle, or one that is just being written: the next attempt may find more.
        }
        return labels.names();
    }
}
