package dev.writescope.container;

import dev.writescope.probe.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cgroup for one command, in the default hierarchy and, where it is another, in that of block requests. It is below
 * the cgroup of this process, so that limits hold. What an earlier run that was killed left behind goes first.
 */
public final class CommandCgroup implements AutoCloseable {
    /** The path's last part: the process that made it, then the command. {@link CgroupPath} reads it as well. */
    static final String NAME = "writescope-(\\d{1,10})-([A-Za-z0-9._-]{1,64})";

    private static final Pattern NAMED = Pattern.compile(NAME);
    private static final int LONGEST_COMMAND = 64;
    private static final int LONGEST_LIST = 1 << 20;
    private static final int REMOVAL_TRIES = 20;
    private static final long REMOVAL_PAUSE_MS = 10;

    private final List<Path> directories;
    private final List<String> limits;

    private CommandCgroup(List<Path> directories, List<String> limits) {
        this.directories = List.copyOf(directories);
        this.limits = List.copyOf(limits);
    }

    /**
     * Makes it.
     *
     * @param command its name, for people; what a path cannot hold becomes "_"
     * @throws HostException if this host has no cgroups, or not for us
     */
    public static CommandCgroup create(HostPaths host, String command) throws HostException {
        return create(host, command, ProcessHandle.current().pid());
    }

    static CommandCgroup create(HostPaths host, String command, long pid) throws HostException {
        CgroupMounts mounts = CgroupMounts.find(host);
        ProcessCgroup own = ProcessCgroup.read(host);
        List<String> limits = new ArrayList<>();
        Set<Path> parents = new LinkedHashSet<>();
        if (mounts.task() == null) {
            limits.add("cgroup v2 is not mounted: fsyncs and writes of the command cannot be told from others");
        } else {
            parents.add(
                    mounts.task().equals(mounts.block())
                            ? withRequests(mounts.task(), own.task(), limits)
                            : existing(mounts.task(), own.task()));
        }
        if (mounts.block() != null && !mounts.block().equals(mounts.task())) {
            parents.add(existing(mounts.block(), own.block()));
        }
        if (parents.isEmpty()) {
            throw new HostException("no cgroup hierarchy is mounted, so the command cannot be told from others:"
                    + " mount -t cgroup2 cgroup2 /sys/fs/cgroup");
        }
        LongPredicate alive =
                process -> process != pid && Files.exists(host.proc().resolve(Long.toString(process)));
        parents.forEach(parent -> removeStale(parent, alive));
        return make(parents, name(command, pid), limits);
    }

    /** The nearest cgroup whose children have their block requests told apart; our own if there is none. */
    private static Path withRequests(Path mount, String own, List<String> limits) {
        Path current = existing(mount, own);
        for (Path each = current; each != null && each.startsWith(mount); each = each.getParent()) {
            if (hasIo(each)) {
                return each;
            }
        }
        limits.add("the io controller is off, so block requests of the command are not recorded:" + " echo +io > "
                + mount + "/cgroup.subtree_control");
        return current;
    }

    private static boolean hasIo(Path cgroup) {
        try {
            String controllers = BoundedFile.readText(cgroup.resolve("cgroup.subtree_control"), 4096);
            return Arrays.asList(controllers.strip().split(" ", -1)).contains("io");
        } catch (IOException unreadable) {
            return false;
        }
    }

    /** The directory of a cgroup; that of the mount if it does not show it. */
    private static Path existing(Path mount, String cgroup) {
        Path directory = mount.resolve(cgroup.replaceFirst("^/+", "")).normalize();
        return directory.startsWith(mount) && Files.isDirectory(directory) ? directory : mount;
    }

    private static String name(String command, long pid) {
        String safe = command.replaceAll("[^A-Za-z0-9._-]", "_");
        return "writescope-" + pid + "-"
                + (safe.isEmpty() ? "_" : safe.substring(0, Math.min(safe.length(), LONGEST_COMMAND)));
    }

    private static CommandCgroup make(Set<Path> parents, String name, List<String> limits) throws HostException {
        List<Path> made = new ArrayList<>();
        for (Path parent : parents) {
            Path directory = parent.resolve(name);
            try {
                made.add(Files.createDirectory(directory));
            } catch (IOException refused) {
                made.forEach(CommandCgroup::remove);
                throw new HostException("cannot make the cgroup " + directory
                        + " for the command: run as root, with cgroups mounted writable");
            }
        }
        return new CommandCgroup(made, limits);
    }

    private static void removeStale(Path parent, LongPredicate alive) {
        for (Path directory : Directories.list(parent, "writescope-*")) {
            Matcher name = NAMED.matcher(Directories.name(directory));
            if (name.matches() && !alive.test(Long.parseLong(name.group(1)))) {
                remove(directory);
            }
        }
    }

    /** Removes a cgroup and those that the command made below it, as far as nobody is in them: the kernel sees to that. */
    private static boolean remove(Path directory) {
        for (Path child : Directories.list(directory, "*")) {
            if (Files.isDirectory(child)) {
                remove(child);
            }
        }
        try {
            Files.delete(directory);
            return true;
        } catch (NoSuchFileException gone) {
            return true;
        } catch (IOException occupied) {
            return false;
        }
    }

    /** Where a process enters it, by its file cgroup.procs. */
    public List<Path> directories() {
        return directories;
    }

    /** What cannot be told apart on this host, each with what to do about it; empty when nothing. */
    public List<String> limits() {
        return limits;
    }

    /** Kills what is still in it, below it included: processes that the command left behind. */
    public void kill() {
        directories.forEach(CommandCgroup::kill);
    }

    private static void kill(Path directory) {
        for (Path child : Directories.list(directory, "*")) {
            if (Files.isDirectory(child)) {
                kill(child);
            }
        }
        try {
            BoundedFile.readText(directory.resolve("cgroup.procs"), LONGEST_LIST)
                    .lines()
                    .filter(line -> line.matches("[1-9]\\d{0,9}")) // 0 is one of another pid namespace
                    .forEach(line -> ProcessHandle.of(Long.parseLong(line)).ifPresent(ProcessHandle::destroyForcibly));
        } catch (IOException gone) {
            // and so are its processes
        }
    }

    /** Removes it, unless processes that the command left behind are still in it: then a later run does. */
    @Override
    public void close() {
        for (int tries = 0; tries < REMOVAL_TRIES; tries++) {
            if (directories.stream()
                    .filter(directory -> !remove(directory))
                    .findAny()
                    .isEmpty()) {
                return;
            }
            try {
                Thread.sleep(REMOVAL_PAUSE_MS); // the last process may just be going
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
