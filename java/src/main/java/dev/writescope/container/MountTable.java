package dev.writescope.container;

import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Looks up the mounts that were asked for, and checks from time to time that they still are what they were: the
 * kernel gives an id out again once its mount is gone. {@link #missed} may be called from any thread, the rest is for
 * the scanning thread.
 */
final class MountTable {
    private static final long ABSENT_RETRY = Duration.ofSeconds(10).toNanos();
    private static final long CHECK = Duration.ofMinutes(1).toNanos();

    private record Miss(Cgroup cgroup, int mountId) {}

    private final MountFinder finder;
    private final Misses<Miss> misses = new Misses<>();
    private final Set<Cgroup> inUse = new HashSet<>();
    private long lastRetry;
    private long lastCheck;

    MountTable(HostPaths host) {
        finder = new MountFinder(host);
    }

    /** Asks for a mount to be looked for; true if nobody has yet. */
    boolean missed(Cgroup cgroup, int mountId) {
        return misses.offer(new Miss(cgroup, mountId));
    }

    void refresh(long now) {
        Map<Cgroup, Set<Integer>> wanted = new LinkedHashMap<>();
        misses.drain()
                .forEach(miss -> wanted.computeIfAbsent(miss.cgroup, ignored -> new HashSet<>())
                        .add(miss.mountId));
        wanted.forEach(this::find);
        inUse.addAll(wanted.keySet());
        if (now - lastCheck >= CHECK) {
            lastCheck = now;
            inUse.removeIf(cgroup -> cgroup.directory == null || !Files.isDirectory(cgroup.directory));
            inUse.forEach(cgroup -> find(cgroup, cgroup.knownMounts()));
        }
        if (now - lastRetry >= ABSENT_RETRY) {
            lastRetry = now;
            inUse.forEach(Cgroup::forgetAbsentMounts);
        }
    }

    private void find(Cgroup cgroup, Set<Integer> wanted) {
        boolean inContainer = cgroup.container().type() == Container.Type.CONTAINER;
        cgroup.found(wanted, cgroup.directory == null ? Map.of() : finder.find(cgroup.directory, wanted, inContainer));
    }
}
