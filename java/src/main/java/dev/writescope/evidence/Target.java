package dev.writescope.evidence;

import dev.writescope.container.BoundedFile;
import dev.writescope.container.Container;
import dev.writescope.container.ContainerCgroup;
import dev.writescope.container.IdSpace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A container to look at, with its cgroups and processes at one moment.
 *
 * @param pids of processes that can be seen from here, at most {@value #MAX_PIDS}
 */
record Target(Container container, List<ContainerCgroup> cgroups, Set<Integer> pids) {
    static final int MAX_TARGETS = 256;
    private static final int MAX_PIDS = 4096;
    private static final int MAX_PROCS_BYTES = 1 << 20;

    /** What stays the same when a container gets its name late. */
    record Owner(Container.Type type, String id, String service) {
        static Owner of(Container container) {
            boolean named = container.type() == Container.Type.CONTAINER
                    && !container.id().isEmpty();
            return new Owner(
                    container.type(), named ? container.id() : container.name(), named ? "" : container.service());
        }
    }

    /** Those of the chosen containers that are there, in the order they were chosen. */
    static List<Target> of(Collection<Container> chosen, List<ContainerCgroup> all) {
        Map<Owner, List<ContainerCgroup>> wanted = new LinkedHashMap<>();
        chosen.stream().limit(MAX_TARGETS).forEach(each -> wanted.put(Owner.of(each), new ArrayList<>()));
        for (ContainerCgroup cgroup : all) {
            List<ContainerCgroup> owned = wanted.get(Owner.of(cgroup.container()));
            if (owned != null) {
                owned.add(cgroup);
            }
        }
        return wanted.values().stream()
                .filter(owned -> !owned.isEmpty())
                .map(owned -> new Target(owned.getFirst().container(), List.copyOf(owned), pids(owned)))
                .toList();
    }

    private static Set<Integer> pids(List<ContainerCgroup> cgroups) {
        Set<Integer> pids = new LinkedHashSet<>();
        for (ContainerCgroup cgroup : cgroups) {
            try {
                BoundedFile.readText(cgroup.directory().resolve("cgroup.procs"), MAX_PROCS_BYTES)
                        .lines()
                        .mapToLong(KernelText::number)
                        // Zero is a process of another pid namespace, which nothing can be read of.
                        .filter(pid -> pid > 0 && pid <= Integer.MAX_VALUE)
                        .limit(MAX_PIDS - pids.size())
                        .forEach(pid -> pids.add((int) pid));
            } catch (IOException gone) {
                // A cgroup that ends while it is read has no processes.
            }
        }
        return pids;
    }

    /** Its cgroups in a space that are below none of its others there: their counters include the rest. */
    List<ContainerCgroup> outermost(IdSpace space) {
        return outermost(
                cgroups.stream().filter(cgroup -> cgroup.space() == space).toList());
    }

    /** Of cgroups of one hierarchy, those that are below no other of the same owner. */
    static List<ContainerCgroup> outermost(List<ContainerCgroup> cgroups) {
        Set<String> paths = cgroups.stream().map(ContainerCgroup::path).collect(Collectors.toSet());
        return cgroups.stream()
                .filter(cgroup -> above(cgroup.path()).noneMatch(paths::contains))
                .toList();
    }

    /** The paths above one: of "/a/b" "/a", then "/". */
    private static Stream<String> above(String path) {
        return Stream.iterate(parent(path), above -> !above.isEmpty(), Target::parent);
    }

    /** Empty above the root. */
    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash > 0 ? path.substring(0, slash) : path.equals("/") ? "" : "/";
    }
}
