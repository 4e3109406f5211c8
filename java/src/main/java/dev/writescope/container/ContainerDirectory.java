package dev.writescope.container;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which container a cgroup id belongs to, in both id spaces, and what its mounts are.
 *
 * <p>{@link #resolve} and {@link #mount} may be called for every event: they read immutable snapshots, never block and
 * touch no file. What they do not know yet, one background thread looks for; a later call gives it. The thread also
 * follows containers that start and stop. Names that come late replace a container by an equal one but for its name.
 *
 * <p>Ids are inode numbers of cgroup directories, which is what the kernel sends since Linux 5.5.
 */
public final class ContainerDirectory implements AutoCloseable {
    private static final Logger LOG = System.getLogger(ContainerDirectory.class.getName());
    private static final long PERIOD = Duration.ofSeconds(1).toNanos();
    private static final long SHORTEST_PAUSE = Duration.ofMillis(20).toNanos();

    /** The kernel gives the root of every hierarchy this id. */
    private static final long ROOT_ID = 1;

    private static final Container HOST = Container.host("");

    private final CgroupMounts cgroupMounts;
    private final LongSupplier nanoTime;
    private final ContainerNames names;
    private final MountTable mounts;
    private final Selector selector;
    private final Map<IdSpace, Hierarchy> hierarchies = new EnumMap<>(IdSpace.class);
    private final @Nullable Hierarchy task;
    private final @Nullable Hierarchy block;
    private final Thread scanner =
            Thread.ofPlatform().daemon().name("container-directory").unstarted(this::follow);
    private volatile boolean closed;
    /** Something was missed since the last scan began. */
    private volatile boolean sought;

    /** One that scans only when told. */
    ContainerDirectory(HostPaths host, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        cgroupMounts = CgroupMounts.find(host);
        mounts = new MountTable(host);
        names = new ContainerNames(host);
        task = cgroupMounts.task() == null ? null : new Hierarchy(cgroupMounts.task(), names, host);
        if (cgroupMounts.block() == null) {
            block = null;
        } else {
            block = cgroupMounts.block().equals(cgroupMounts.task())
                    ? task
                    : new Hierarchy(cgroupMounts.block(), names, host);
        }
        if (task != null) {
            hierarchies.put(IdSpace.TASK, task);
        }
        if (block != null) {
            hierarchies.put(IdSpace.BLOCK, block);
        }
        selector = new Selector(host, hierarchies);
    }

    /** Finds all cgroups there are, then follows them until closed. */
    public static ContainerDirectory open(HostPaths host) {
        ContainerDirectory directory = new ContainerDirectory(host, System::nanoTime);
        directory.scan();
        directory.scanner.start();
        return directory;
    }

    /** "v2", "hybrid", "v1", or "none" if no cgroup hierarchy is mounted. */
    public String cgroupMode() {
        return cgroupMounts.mode();
    }

    /** What cannot be known on this host, each with what to do about it; empty when nothing. */
    public List<String> limits() {
        List<String> limits = new ArrayList<>(cgroupMounts.limits());
        if (hierarchies.values().stream().anyMatch(Hierarchy::isFull)) {
            limits.add("more than " + CgroupTree.MAX_CGROUPS + " cgroups: the rest cannot be told apart");
        }
        return limits;
    }

    /**
     * The owner of what a cgroup did. Of an id that is not known yet it is {@code cgroup-<id>}, and the id is looked
     * for in the background.
     *
     * @param cgroupId as the kernel sent it; 0 when it sent none
     */
    public Container resolve(IdSpace space, long cgroupId) {
        Hierarchy hierarchy = hierarchy(space);
        Cgroup cgroup = hierarchy == null ? null : hierarchy.find(cgroupId);
        if (cgroup != null) {
            return owner(space, cgroup);
        }
        if (cgroupId == 0) {
            return Container.UNATTRIBUTED;
        }
        if (cgroupId == ROOT_ID) {
            return root(space);
        }
        if (hierarchy != null && hierarchy.missed(cgroupId)) {
            seek();
        }
        return Hierarchy.unknown(cgroupId);
    }

    /**
     * A mount as a process of a cgroup sees it; null while it is not known, and if no process of the cgroup sees it.
     *
     * @param mountId the kernel's id of the mount, as in mountinfo
     */
    public @Nullable Mount mount(IdSpace space, long cgroupId, int mountId) {
        Hierarchy hierarchy = hierarchy(space);
        Cgroup cgroup = hierarchy == null ? null : hierarchy.find(cgroupId);
        if (cgroup == null) {
            resolve(space, cgroupId);
            return null;
        }
        Mount mount = cgroup.mount(mountId);
        if (mount == null && mounts.missed(cgroup, mountId)) {
            seek();
        }
        return mount == null || MountFinder.isAbsent(mount) ? null : mount;
    }

    /** The containers that have a cgroup now, by display name. May wait for a scan. */
    public synchronized List<Container> containers() {
        return selector.owners().stream()
                .filter(container -> container.type() == Container.Type.CONTAINER)
                .sorted(Comparator.comparing(Container::displayName).thenComparing(Container::id))
                .toList();
    }

    /** All cgroups there are now, with their owners. May wait for a scan. */
    public synchronized List<ContainerCgroup> cgroups() {
        List<ContainerCgroup> found = new ArrayList<>();
        hierarchies.forEach((space, hierarchy) -> hierarchy.live().forEach(cgroup -> {
            if (cgroup.directory != null) {
                found.add(new ContainerCgroup(
                        owner(space, cgroup),
                        space,
                        hierarchy == task,
                        hierarchy.mountPoint(),
                        cgroup.directory,
                        cgroup.path));
            }
        }));
        return found;
    }

    /**
     * Selects cgroups: those that any of the patterns and all the other choices pick; all of them without any choice.
     * May wait for a scan.
     *
     * @param patterns names (host and unattributed are names too), {@code namespace/pod/name}, at least 4 hex digits
     *     an id begins with, or globs
     * @param pod name or UID of a pod, or a glob
     * @param namespace Kubernetes namespace, or a glob
     * @param cgroup a cgroup directory, or a path below the cgroup mount; those below it are selected as well
     * @param pid a process whose container is selected, or whose cgroups are if it is in none
     */
    public synchronized Selection select(
            List<String> patterns,
            @Nullable String pod,
            @Nullable String namespace,
            @Nullable Path cgroup,
            @Nullable Integer pid) {
        return selector.select(patterns, pod, namespace, cgroup, pid);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(scanner);
        try {
            while (scanner.isAlive() && scanner != Thread.currentThread()) {
                scanner.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void seek() {
        sought = true;
        LockSupport.unpark(scanner);
    }

    private void follow() {
        long cost = SHORTEST_PAUSE / 9;
        while (!closed) {
            if (!sought) { // a miss during the pause has had its wakeup
                LockSupport.parkNanos(this, PERIOD);
            }
            sought = false;
            long start = System.nanoTime();
            try {
                scan();
            } catch (RuntimeException | Error e) { // without this thread new containers would have no names
                complain(e);
            }
            // A busy machine makes a scan long without making it dear: one that is suddenly long is half believed.
            cost = Math.min(System.nanoTime() - start, 2 * cost);
            // However many ids are missed, no more than a tenth of a CPU goes into looking for them.
            pause(Math.clamp(9 * cost, SHORTEST_PAUSE, PERIOD));
        }
    }

    private static void complain(Throwable e) {
        try {
            LOG.log(Level.ERROR, "cannot look for cgroups; trying again", e);
        } catch (OutOfMemoryError full) {
            // nor is there room for that; whoever fills the heap will fail too, and say so
        }
    }

    /** Unlike a park, this does not end with the next miss. */
    private void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0 && !closed; left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    /** Brings everything up to date. */
    synchronized void scan() {
        long now = nanoTime.getAsLong();
        boolean changed = false;
        names.forgetUnnamed();
        for (Hierarchy hierarchy : new LinkedHashSet<>(hierarchies.values())) {
            changed |= hierarchy.scan(now);
        }
        mounts.refresh(now);
        if (changed) {
            selector.refresh();
        }
    }

    static Container owner(IdSpace space, Cgroup cgroup) {
        return cgroup.isRoot() ? root(space) : cgroup.container();
    }

    private static Container root(IdSpace space) {
        return space == IdSpace.TASK ? HOST : Container.UNATTRIBUTED;
    }

    private @Nullable Hierarchy hierarchy(IdSpace space) {
        return space == IdSpace.TASK ? task : block;
    }
}
