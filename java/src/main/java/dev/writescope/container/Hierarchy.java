package dev.writescope.container;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the cgroups of one hierarchy, gone ones included for a while: their I/O completes, and their
 * dirty pages are written, after them. One thread scans; {@link #find} and {@link #missed} never block.
 */
final class Hierarchy {
    /** How long a cgroup is remembered after it is gone. */
    static final Duration RETENTION = Duration.ofMinutes(10);

    static final int MAX_GONE = 16_384;

    /** How long one cgroup can replace another unseen, unless it does I/O. */
    private static final long WALK_PERIOD = Duration.ofSeconds(10).toNanos();

    private static final long LONGEST_PAUSE = Duration.ofSeconds(60).toNanos();

    private record Gone(Cgroup cgroup, long since) {}

    private final CgroupTree tree;
    private final Population population;
    private final ContainerNames names;
    private final Misses<Long> missed = new Misses<>();
    private final Map<Long, Cgroup> live = new LinkedHashMap<>();
    private final LinkedHashMap<Long, Gone> gone = new LinkedHashMap<>();
    private volatile LongMap<Cgroup> known = LongMap.empty();
    private boolean changed;
    private long lastWalk;

    Hierarchy(Path mountPoint, ContainerNames names, HostPaths host) {
        tree = new CgroupTree(mountPoint);
        population = new Population(mountPoint, host);
        this.names = names;
    }

    @Nullable
    Cgroup find(long id) {
        return known.get(id);
    }

    /** Asks for a cgroup to be looked for; true if nobody has yet. */
    boolean missed(long id) {
        return missed.offer(id);
    }

    Path mountPoint() {
        return tree.mountPoint();
    }

    boolean isFull() {
        return tree.isFull();
    }

    /** Those that are there. For the scanning thread. */
    Collection<Cgroup> live() {
        return live.values();
    }

    /** Those that are remembered. For the scanning thread. */
    List<Cgroup> gone() {
        return gone.values().stream().map(Gone::cgroup).toList();
    }

    /** Brings everything up to date; true if a cgroup came, went, was forgotten or got another name. */
    boolean scan(long now) {
        // Before the walk: what was missed until now is either found by it or gone.
        List<Long> sought = missed.drain();
        changed = false;
        if (population.mayHaveChanged() || !sought.isEmpty() || now - lastWalk >= WALK_PERIOD) {
            lastWalk = now;
            walk(now);
        }
        sought.stream().filter(id -> !live.containsKey(id)).forEach(id -> addUnknown(id, now));
        live.values().forEach(cgroup -> nameAgain(cgroup, now));
        forgetOld(now);
        if (changed) {
            publish();
        }
        return changed;
    }

    private void walk(long now) {
        tree.refresh(new CgroupTree.Changes() {
            @Override
            public void appeared(CgroupTree.Node node) {
                add(node, now);
            }

            @Override
            public void gone(CgroupTree.Node node) {
                remove(node, now);
            }
        });
    }

    private void publish() {
        Map<Long, Cgroup> all = new LinkedHashMap<>();
        gone.forEach((id, entry) -> all.put(id, entry.cgroup));
        all.putAll(live);
        known = LongMap.copyOf(all);
    }

    static Container unknown(long id) {
        return new Container(Container.Type.UNKNOWN, "cgroup-" + Long.toUnsignedString(id), "", "", "", "", "", "", "");
    }

    private void add(CgroupTree.Node node, long now) {
        CgroupPath owner = names.parse(node.path);
        Cgroup cgroup = new Cgroup(node.id, node.path, node.directory, owner, names.name(owner));
        cgroup.nextNaming = now + cgroup.namingPause;
        live.put(node.id, cgroup);
        gone.remove(node.id);
        changed = true;
    }

    private void remove(CgroupTree.Node node, long now) {
        Cgroup cgroup = live.get(node.id);
        // An id that was given to another cgroup since is not this one's any more.
        if (cgroup != null && cgroup.path.equals(node.path)) {
            live.remove(node.id);
            gone.putLast(node.id, new Gone(cgroup, now));
            changed = true;
        }
    }

    private void addUnknown(long id, long now) {
        if (!gone.containsKey(id)) {
            gone.putLast(id, new Gone(Cgroup.ofId(id, unknown(id)), now));
            changed = true;
        }
    }

    /** A runtime may write a container's files after it made the cgroup. */
    private void nameAgain(Cgroup cgroup, long now) {
        boolean due = now - cgroup.nextNaming >= 0 && cgroup.namingPause <= LONGEST_PAUSE;
        if (cgroup.owner == null || !due || !ContainerNames.isUnnamed(cgroup.container())) {
            return;
        }
        cgroup.namingPause *= 2;
        cgroup.nextNaming = now + cgroup.namingPause;
        Container named = names.name(cgroup.owner);
        if (!named.equals(cgroup.container())) {
            cgroup.rename(named);
            changed = true;
        }
    }

    private void forgetOld(long now) {
        Iterator<Gone> oldest = gone.values().iterator();
        while (oldest.hasNext()) {
            Gone entry = oldest.next();
            if (gone.size() <= MAX_GONE && now - entry.since < RETENTION.toNanos()) {
                return;
            }
            oldest.remove();
            changed = true;
        }
    }
}
