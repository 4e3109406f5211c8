package dev.writescope.container;

import dev.writescope.probe.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What is there to tell containers apart by. */
public record ContainerCheck(List<Check> checks, List<Container> containers) {
    private static final int MAX_COMM_BYTES = 64;

    private static final Map<String, List<String>> SOCKETS = Map.of(
            "containerd",
            List.of(
                    "run/containerd/containerd.sock",
                    "run/k3s/containerd/containerd.sock",
                    "run/k0s/containerd.sock",
                    "var/snap/microk8s/common/run/containerd.sock"),
            "docker",
            List.of("run/docker.sock"),
            "cri-o",
            List.of("run/crio/crio.sock"),
            "podman",
            List.of("run/podman/podman.sock", "run/libpod", "var/lib/containers/storage"),
            "lxc",
            List.of("var/lib/lxc", "var/lib/lxd", "var/lib/incus"));

    private static final Map<String, String> DAEMONS = Map.of(
            "containerd", "containerd",
            "dockerd", "docker",
            "crio", "cri-o",
            "conmon", "podman",
            "lxcfs", "lxc");

    public ContainerCheck {
        checks = List.copyOf(checks);
        containers = List.copyOf(containers);
    }

    /** Looks at cgroups, runtimes and the containers there are now. */
    public static ContainerCheck of(HostPaths host) {
        List<Check> checks = new ArrayList<>();
        try (ContainerDirectory directory = ContainerDirectory.open(host)) {
            checks.add(cgroups(host, directory));
            for (String limit : directory.limits()) {
                checks.add(limit(limit));
            }
            checks.add(runtimes(host));
            List<Container> containers = directory.containers();
            checks.add(Check.ok("containers", describe(containers)));
            return new ContainerCheck(checks, containers);
        }
    }

    private static Check cgroups(HostPaths host, ContainerDirectory directory) {
        CgroupMounts mounts = CgroupMounts.find(host);
        String mode = directory.cgroupMode();
        if (mounts.task() == null && mounts.block() == null) {
            return Check.warn(
                    "cgroups", mode + ": no container can be told apart", "mount -t cgroup2 cgroup2 /sys/fs/cgroup");
        }
        if (mounts.task() != null && mounts.task().equals(mounts.block())) {
            return Check.ok("cgroups", mode + ": all operations by " + mounts.task());
        }
        String task = mounts.task() == null ? "nothing" : mounts.task().toString();
        return Check.ok("cgroups", mode + ": fsync and write by " + task + ", block by " + mounts.block());
    }

    /** Limits are told as "what: remedy". */
    private static Check limit(String limit) {
        int colon = limit.indexOf(": ");
        return limit.startsWith("blkio")
                ? Check.warn("cgroups", limit, "boot with systemd.unified_cgroup_hierarchy=1")
                : Check.warn(
                        "cgroups",
                        colon < 0 ? limit : limit.substring(0, colon),
                        colon < 0 ? "" : limit.substring(colon + 2));
    }

    private static Check runtimes(HostPaths host) {
        Map<String, Set<String>> found = new TreeMap<>();
        SOCKETS.forEach((runtime, paths) -> paths.stream()
                .map(host.root()::resolve)
                .filter(Files::exists)
                .forEach(path ->
                        found.computeIfAbsent(runtime, _ -> new TreeSet<>()).add(path.toString())));
        for (Path process : Directories.list(host.proc(), "[1-9]*")) {
            String runtime = DAEMONS.get(comm(process));
            if (runtime != null) {
                found.computeIfAbsent(runtime, _ -> new TreeSet<>()).add("running");
            }
        }
        return Check.ok(
                "runtimes",
                found.isEmpty()
                        ? "none found"
                        : found.entrySet().stream()
                                .map(entry -> entry.getKey() + " (" + String.join(", ", entry.getValue()) + ")")
                                .collect(Collectors.joining(", ")));
    }

    private static String comm(Path process) {
        try {
            return BoundedFile.readText(process.resolve("comm"), MAX_COMM_BYTES).strip();
        } catch (IOException gone) {
            return "";
        }
    }

    private static String describe(List<Container> containers) {
        return containers.isEmpty()
                ? "none found"
                : containers.size() + ": "
                        + containers.stream()
                                .limit(10)
                                .map(Container::displayName)
                                .collect(Collectors.joining(", "))
                        + (containers.size() > 10 ? ", …" : "");
    }
}
