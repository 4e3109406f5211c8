package dev.writescope.container;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One cgroup that is there, or was until lately. Written by the scanning thread, read by any. */
final class Cgroup {
    private static final int MAX_MOUNTS = 512;
    private static final long FIRST_NAMING_PAUSE = 50_000_000;

    final long id;
    final String path;

    /** This and the owner are null for a cgroup that was gone before it was seen. */
    final @Nullable Path directory;

    final @Nullable CgroupPath owner;

    private volatile Container container;
    private volatile LongMap<Mount> mounts = LongMap.empty();

    // The rest belongs to the scanning thread.
    private final Map<Integer, Mount> known = new HashMap<>();
    long nextNaming;
    long namingPause = FIRST_NAMING_PAUSE;

    Cgroup(long id, String path, @Nullable Path directory, @Nullable CgroupPath owner, Container container) {
        this.id = id;
        this.path = path;
        this.directory = directory;
        this.owner = owner;
        this.container = container;
    }

    /** One that is known by nothing but its id. */
    static Cgroup ofId(long id, Container container) {
        return new Cgroup(id, "", null, null, container);
    }

    boolean isRoot() {
        return path.equals("/");
    }

    Container container() {
        return container;
    }

    void rename(Container named) {
        container = named;
    }

    /** {@link MountFinder#ABSENT} if it was looked for in vain. */
    @Nullable
    Mount mount(int mountId) {
        return mounts.get(mountId);
    }

    Set<Integer> knownMounts() {
        return Set.copyOf(known.keySet());
    }

    /** Takes what a search for some mount ids found; what is known stays if the search found nothing. */
    void found(Set<Integer> wanted, Map<Integer, Mount> found) {
        if (known.size() + wanted.size() > MAX_MOUNTS) {
            known.clear();
        }
        wanted.forEach(id -> known.putIfAbsent(id, MountFinder.ABSENT));
        known.putAll(found);
        mounts = LongMap.copyOf(known);
    }

    /** Makes the mounts that were looked for in vain be looked for again. */
    void forgetAbsentMounts() {
        if (known.values().removeIf(MountFinder::isAbsent)) {
            mounts = LongMap.copyOf(known);
        }
    }
}
