package dev.writescope.container;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names a container from the files its runtime keeps. A pause container is called {@link Names#SANDBOX}. Used by one
 * thread; never throws for what is in the files.
 */
final class ContainerNames {
    @FunctionalInterface
    private interface Source {
        Names find(CgroupPath cgroup);
    }

    private static final int SHORT_ID = 12;
    private static final int MAX_NAMED = 4096;
    private static final Pattern HEX_ID = Pattern.compile("[0-9a-f]{64}|[0-9a-f]{32}-\\d+");

    private final ContainerdState containerd;
    private final DockerState docker;
    private final StorageState storage;
    private final PodLogs podLogs;

    /** Containers have many cgroups, in more than one hierarchy. */
    private final Map<CgroupPath, Container> named = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CgroupPath, Container> eldest) {
            return size() > MAX_NAMED;
        }
    };

    private final Map<CgroupPath, Container> unnamed = new HashMap<>();

    ContainerNames(HostPaths host) {
        containerd = new ContainerdState(host);
        docker = new DockerState(host);
        storage = new StorageState(host);
        podLogs = new PodLogs(host);
    }

    /** Makes the containers be read again that had no name; each is read once for all its cgroups until then. */
    void forgetUnnamed() {
        unnamed.clear();
        containerd.forgetShims();
    }

    /** Reads a cgroup path on this host. */
    CgroupPath parse(String path) {
        return CgroupPath.of(path, containerd::hasTask);
    }

    Container name(CgroupPath cgroup) {
        if (!cgroup.isContainer()) {
            return Container.host(cgroup.service());
        }
        Container known = named.get(cgroup);
        if (known == null) {
            known = unnamed.computeIfAbsent(cgroup, this::read);
            if (!isUnnamed(known)) {
                named.put(cgroup, known);
            }
        }
        return known;
    }

    private Container read(CgroupPath cgroup) {
        Names names = fromFiles(cgroup);
        return new Container(
                Container.Type.CONTAINER,
                Names.first(names.name(), shortId(cgroup)),
                Names.capped(cgroup.id()),
                Names.first(names.runtime(), cgroup.runtime()),
                names.namespace(),
                names.pod(),
                Names.first(cgroup.podUid(), names.podUid()),
                names.image(),
                "");
    }

    /** Whether a container has no name of its own yet, so that asking again may help. */
    static boolean isUnnamed(Container container) {
        return container.type() == Container.Type.CONTAINER
                && HEX_ID.matcher(container.id()).matches()
                && container.name().equals(container.id().substring(0, SHORT_ID));
    }

    private Names fromFiles(CgroupPath cgroup) {
        Names names = Names.NONE;
        for (Source source : sources(cgroup.runtime())) {
            names = names.or(source.find(cgroup));
            if (!names.name().isEmpty()
                    && (cgroup.podUid().isEmpty() || !names.pod().isEmpty())) {
                break;
            }
        }
        return names;
    }

    /** The cheapest that can know first. */
    private List<Source> sources(String runtime) {
        return switch (runtime) {
            case "lxc", "ecs" -> List.of();
            case "podman" -> List.of(storage::find);
            case "ctr" -> List.of(containerd::find);
            case "docker" -> List.of(docker::find, podLogs::find);
            case "cri-o" -> List.of(storage::find, podLogs::find);
            case "containerd" -> List.of(containerd::find, podLogs::find);
            default -> List.of(docker::find, containerd::find, storage::find, podLogs::find);
        };
    }

    private static String shortId(CgroupPath cgroup) {
        String id = cgroup.id();
        return Names.capped(HEX_ID.matcher(id).matches() ? id.substring(0, SHORT_ID) : id);
    }
}
