package dev.writescope.container;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names a container from the files its runtime keeps. A pause container is called {@link Names#SANDBOX}. Used by one
 * thread; never throws for what is in the files.
 */
final class ContainerNames {
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

    ContainerNames(HostPaths host) {
        containerd = new ContainerdState(host);
        docker = new DockerState(host);
        storage = new StorageState(host);
        podLogs = new PodLogs(host);
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
            known = read(cgroup);
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
        return switch (cgroup.runtime()) {
            case "lxc", "ecs" -> Names.NONE;
            case "podman", "cri-o" -> storage.find(cgroup).or(podLogs.find(cgroup));
            case "docker" -> docker.find(cgroup).or(podLogs.find(cgroup));
            case "ctr" -> containerd.find(cgroup);
            default ->
                docker.find(cgroup)
                        .or(containerd.find(cgroup))
                        .or(storage.find(cgroup))
                        .or(podLogs.find(cgroup));
        };
    }

    private static String shortId(CgroupPath cgroup) {
        String id = cgroup.id();
        return Names.capped(HEX_ID.matcher(id).matches() ? id.substring(0, SHORT_ID) : id);
    }
}
