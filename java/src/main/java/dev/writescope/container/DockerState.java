package dev.writescope.container;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What the Docker daemon keeps about a container on disk. */
final class DockerState {
    private final List<Path> directories;

    DockerState(HostPaths host) {
        directories = List.of(
                dataRoot(host).resolve("containers"),
                host.var().resolve("snap/docker/common/var-lib-docker/containers"));
    }

    private static Path dataRoot(HostPaths host) {
        Path[] root = {host.var().resolve("lib/docker")};
        try {
            JsonStrings.read(host.root().resolve("etc/docker/daemon.json"), (path, value) -> {
                if (path.equals(List.of("data-root"))) {
                    root[0] = host.resolve(value);
                }
            });
        } catch (IOException e) {
            // Docker is not configured: its default holds.
        }
        return root[0];
    }

    Names find(CgroupPath cgroup) {
        return directories.stream()
                .map(containers -> read(containers.resolve(cgroup.id()).resolve("config.v2.json")))
                .reduce(Names.NONE, Names::or);
    }

    private static Names read(Path config) {
        Labels labels = new Labels();
        String[] nameThenImage = {"", ""};
        try {
            JsonStrings.read(config, (path, value) -> {
                if (path.equals(List.of("Name"))) {
                    nameThenImage[0] = value.startsWith("/") ? value.substring(1) : value;
                } else if (path.equals(List.of("Config", "Image"))) {
                    nameThenImage[1] = value;
                } else if (path.size() == 3 && path.subList(0, 2).equals(List.of("Config", "Labels"))) {
                    labels.put(path.getLast(), value);
                }
            });
        } catch (IOException e) {
            return Names.NONE;
        }
        String name = Names.first(nameThenImage[0], labels.composeName());
        return labels.names().or(new Names(name, "docker", "", "", "", nameThenImage[1]));
    }
}
