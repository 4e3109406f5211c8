package dev.writescope.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where this host's cgroup hierarchies are mounted.
 *
 * @param task the default (v2) hierarchy, null if it is not mounted
 * @param block the hierarchy of the blkio (v1) or io (v2) controller, null if there is neither
 * @param mode "v2", "hybrid", "v1", or "none"
 * @param limits what cannot be known because of the mounts, in words a user understands
 */
record CgroupMounts(@Nullable Path task, @Nullable Path block, String mode, List<String> limits) {

    static CgroupMounts find(HostPaths host) {
        Path mountinfo = host.proc().resolve("self/mountinfo");
        try {
            return of(MountInfo.read(mountinfo, false), host.root());
        } catch (IOException e) {
            return new CgroupMounts(null, null, "none", List.of("cannot read " + mountinfo + ": mount /proc"));
        }
    }

    private static CgroupMounts of(List<Mount> mounts, Path root) {
        Optional<Path> v2 = best(mounts, root, mount -> mount.fstype().equals("cgroup2"));
        Optional<Path> blkio = best(mounts, root, mount -> hasController(mount, "blkio"));
        boolean anyV1 = mounts.stream().anyMatch(mount -> mount.fstype().equals("cgroup"));
        List<String> limits = new ArrayList<>();
        if (v2.isEmpty()) {
            limits.add("cgroup v2 is not mounted, so fsync and write cannot be told apart by container:"
                    + " mount -t cgroup2 cgroup2 DIRECTORY, before the containers start");
        }
        if (blkio.isPresent()) {
            limits.add("blkio is a cgroup v1 controller: the kernel charges buffered writeback to nobody");
        }
        // Every cgroup but the root of the hierarchy has this file.
        if (v2.isPresent() && Files.exists(v2.get().resolve("cgroup.events"))) {
            limits.add("only a part of the cgroups is visible at " + v2.get() + ": run in the host's cgroup namespace");
        }
        String mode = v2.isEmpty() ? (anyV1 ? "v1" : "none") : (anyV1 ? "hybrid" : "v2");
        return new CgroupMounts(v2.orElse(null), blkio.or(() -> v2).orElse(null), mode, List.copyOf(limits));
    }

    private static boolean hasController(Mount mount, String controller) {
        return mount.fstype().equals("cgroup")
                && Arrays.asList(mount.superOptions().split(",", -1)).contains(controller);
    }

    /** Below the host's root if possible; then the one that shows most of the hierarchy. */
    private static Optional<Path> best(List<Mount> mounts, Path root, Predicate<Mount> wanted) {
        return mounts.stream()
                .filter(wanted)
                .min(Comparator.<Mount>comparingInt(
                                mount -> Path.of(mount.point()).startsWith(root) ? 0 : 1)
                        .thenComparingInt(CgroupMounts::depth))
                .map(mount -> Path.of(mount.point()));
    }

    /** Of the mount's root below this process's cgroup namespace; "/.." is above it. */
    private static int depth(Mount mount) {
        return Arrays.stream(mount.root().split("/"))
                .filter(name -> !name.isEmpty())
                .mapToInt(name -> name.equals("..") ? -1 : 1)
                .sum();
    }
}
