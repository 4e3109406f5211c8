package dev.writescope.evidence;

import dev.writescope.bpf.FileStatus;
import dev.writescope.container.Container;
import dev.writescope.container.HostPaths;
import dev.writescope.container.Mount;
import dev.writescope.container.MountClass;
import dev.writescope.container.MountInfo;
import dev.writescope.evidence.Evidence.MountFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The mounts that containers can write to, from the mountinfo of one process of each mount namespace. */
final class ContainerMounts {
    private static final int MAX_NAMESPACES = 16;
    private static final int MAX_MOUNTS = 256;
    /** Of all targets together. */
    static final int MAX_LISTED = 8192;

    private static final int MAX_TRIES = 256;
    /** Nothing there is data. */
    private static final Set<String> PSEUDO = Set.of(
            "autofs",
            "binfmt_misc",
            "bpf",
            "cgroup",
            "cgroup2",
            "configfs",
            "debugfs",
            "devpts",
            "devtmpfs",
            "efivarfs",
            "fusectl",
            "hugetlbfs",
            "mqueue",
            "nsfs",
            "proc",
            "pstore",
            "rpc_pipefs",
            "securityfs",
            "selinuxfs",
            "squashfs",
            "sysfs",
            "tracefs");
    /** Made by the runtime in every container. */
    private static final Pattern OF_RUNTIME =
            Pattern.compile("/(?:dev|proc|sys)(?:/.*)?|/etc/(?:hosts|hostname|resolv\\.conf)", Pattern.DOTALL);

    private final HostPaths host;
    private final Missing missing;
    private @Nullable Map<Long, String> ownDevices;

    ContainerMounts(HostPaths host, Missing missing) {
        this.host = host;
        this.missing = missing;
    }

    /**
     * A mount, and where this process reaches it.
     *
     * @param seen the mount point, or the upperdir of an overlay; null if its name is no path here
     */
    record Found(MountFacts facts, @Nullable Path seen) {}

    List<Found> read(List<Target> targets) {
        List<Found> found = new ArrayList<>();
        for (Target target : targets) {
            List<Found> mounts = read(target);
            if (mounts.isEmpty() && !target.pids().isEmpty()) {
                missing.add("mounts of " + target.container().displayName(), "needs CAP_SYS_PTRACE, or it has ended");
            }
            found.addAll(mounts);
            if (found.size() > MAX_LISTED) {
                missing.add("mounts", "more than " + MAX_LISTED + ": the rest is left out");
                return List.copyOf(found.subList(0, MAX_LISTED));
            }
        }
        return found;
    }

    private List<Found> read(Target target) {
        boolean inContainer = target.container().type() == Container.Type.CONTAINER;
        Map<Integer, Found> mounts = new LinkedHashMap<>();
        Set<Path> namespaces = new HashSet<>();
        for (int pid : target.pids().stream().limit(MAX_TRIES).toList()) {
            if (namespaces.size() == MAX_NAMESPACES || (!inContainer && !namespaces.isEmpty())) {
                break;
            }
            Path process = host.proc().resolve(Integer.toString(pid));
            try {
                if (namespaces.add(Files.readSymbolicLink(process.resolve("ns/mnt")))) {
                    for (Mount mount : MountInfo.read(process.resolve("mountinfo"), inContainer)) {
                        if (holdsData(mount) && mounts.size() < MAX_MOUNTS) {
                            mounts.putIfAbsent(mount.id(), found(target.container(), mount, process));
                        }
                    }
                }
            } catch (IOException gone) {
                // Another process may tell.
            }
        }
        return List.copyOf(mounts.values());
    }

    private static boolean holdsData(Mount mount) {
        boolean readOnly = ("," + mount.options() + ",").contains(",ro,");
        boolean hostMemory =
                mount.mountClass() == MountClass.HOST && mount.fstype().equals("tmpfs");
        return !readOnly
                && !hostMemory
                && !PSEUDO.contains(mount.fstype())
                && !OF_RUNTIME.matcher(mount.point()).matches();
    }

    private Found found(Container container, Mount mount, Path process) {
        boolean overlay = !mount.upperdir().isEmpty();
        Path seen = null;
        try {
            seen = overlay
                    ? host.resolve(mount.upperdir())
                    : process.resolve("root").resolve(mount.point().replaceFirst("^/+", ""));
        } catch (InvalidPathException notInThisLocale) {
            missing.add("mount " + mount.point(), "its name is no path in this locale: set LC_ALL=C.UTF-8");
        }
        String device = overlay ? deviceOf(seen, container) : mount.device();
        return new Found(new MountFacts(container, mount, mount.mountClass(), device), seen);
    }

    /** An overlay has a device of its own; that of the upperdir is only known to the mount namespace it was made in. */
    private String deviceOf(@Nullable Path upperdir, Container container) {
        try {
            if (upperdir == null) {
                return "";
            }
            FileStatus status = FileStatus.of(upperdir);
            return ownDevices().getOrDefault(status.mountId(), status.device());
        } catch (IOException absent) {
            missing.add("device below the overlay of " + container.displayName(), absent, "CAP_DAC_READ_SEARCH");
            return "";
        }
    }

    /**
     * The devices of this process's mounts by id. statx tells a device of its own for each subvolume of btrfs; mountinfo
     * has that of the file system, as the BPF programs see it.
     */
    private Map<Long, String> ownDevices() {
        Map<Long, String> known = ownDevices;
        if (known == null) {
            known = new HashMap<>();
            try {
                for (Mount mount : MountInfo.read(host.proc().resolve("self/mountinfo"), false)) {
                    known.put((long) mount.id(), mount.device());
                }
            } catch (IOException hidden) {
                // What statx tells will do on other file systems.
            }
            ownDevices = known;
        }
        return known;
    }
}
