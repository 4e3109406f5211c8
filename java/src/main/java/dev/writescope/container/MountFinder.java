package dev.writescope.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds mounts by id in the mountinfo of a cgroup's processes. A process may live in another mount namespace than
 * its siblings, so one process of each namespace is asked.
 */
final class MountFinder {
    /** Stands for a mount that was looked for in vain. */
    static final Mount ABSENT = new Mount(-1, "", "", "", "", "", "", "", MountClass.HOST, "");

    static boolean isAbsent(Mount mount) {
        return mount.id() < 0;
    }

    private static final int MAX_PROCS_BYTES = 1 << 20;
    private static final int MAX_PIDS = 256;
    private static final int MAX_NAMESPACES = 16;

    private final Path proc;

    MountFinder(HostPaths host) {
        proc = host.proc();
    }

    /** Those of the wanted mounts that a process of the cgroup sees now. */
    Map<Integer, Mount> find(Path cgroup, Set<Integer> wanted, boolean inContainer) {
        Map<Integer, Mount> found = new HashMap<>();
        Set<Path> namespaces = new HashSet<>();
        for (String pid : pids(cgroup)) {
            if (found.size() == wanted.size() || namespaces.size() == MAX_NAMESPACES) {
                break;
            }
            Path process = proc.resolve(pid);
            try {
                if (namespaces.add(Files.readSymbolicLink(process.resolve("ns/mnt")))) {
                    MountInfo.read(process.resolve("mountinfo"), inContainer).stream()
                            .filter(mount -> wanted.contains(mount.id()))
                            .forEach(mount -> found.put(mount.id(), mount));
                }
            } catch (IOException e) {
                // The process is gone; another one may tell.
            }
        }
        return found;
    }

    /** Zero is a process of another pid namespace, which nothing can be read of. */
    private static List<String> pids(Path cgroup) {
        try {
            return BoundedFile.readText(cgroup.resolve("cgroup.procs"), MAX_PROCS_BYTES)
                    .lines()
                    .filter(pid -> pid.matches("[1-9][0-9]{0,9}"))
                    .limit(MAX_PIDS)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
