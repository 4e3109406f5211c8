package dev.writescope.container;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes selections from what people ask for, and keeps them up to date. For whoever holds the directory's lock. */
final class Selector {
    /** Stands for events that no cgroup was sent with. */
    private static final Cgroup NOBODY = Cgroup.ofId(0, Container.UNATTRIBUTED);

    private final HostPaths host;
    private final Map<IdSpace, Hierarchy> hierarchies;
    private final List<Selection> selections = new CopyOnWriteArrayList<>();

    Selector(HostPaths host, Map<IdSpace, Hierarchy> hierarchies) {
        this.host = host;
        this.hierarchies = hierarchies;
    }

    /** As {@link ContainerDirectory#select}. */
    Selection select(
            List<String> patterns,
            @Nullable String pod,
            @Nullable String namespace,
            @Nullable Path cgroup,
            @Nullable Integer pid) {
        List<Choice> named = patterns.stream()
                .<Choice>map(pattern -> new Choice.ByPattern(new ContainerPattern(pattern)))
                .toList();
        List<Choice> others = Stream.<@Nullable Choice>of(
                        pod == null ? null : new Choice.ByPod(new ContainerPattern(pod)),
                        namespace == null ? null : new Choice.ByNamespace(new ContainerPattern(namespace)),
                        cgroup == null ? null : new Choice.Below(belowMount(cgroup)),
                        pid == null ? null : ofProcess(pid))
                .filter(Objects::nonNull)
                .toList();
        List<Choice> all = new ArrayList<>(others);
        if (!named.isEmpty()) {
            all.add(new Choice.AnyOf(named));
        }
        List<Selection.Unmatched> unmatched = Stream.concat(named.stream(), others.stream())
                .filter(choice -> !picksAny(choice))
                .map(choice -> new Selection.Unmatched(choice.text(), choice.nearest(owners())))
                .toList();
        Selection selection = new Selection(all, unmatched, selections::remove);
        selections.add(selection);
        update(selection);
        return selection;
    }

    /** After cgroups came, went or were renamed. */
    void refresh() {
        selections.forEach(this::update);
    }

    /** Who owns a cgroup that is there now. */
    Set<Container> owners() {
        Set<Container> owners = new LinkedHashSet<>();
        hierarchies.forEach((space, hierarchy) ->
                live(hierarchy).forEach(cgroup -> owners.add(ContainerDirectory.owner(space, cgroup))));
        return owners;
    }

    private void update(Selection selection) {
        hierarchies.forEach((space, hierarchy) -> {
            Map<Long, Container> live = new HashMap<>();
            Map<Long, Boolean> remembered = new HashMap<>();
            hierarchy.gone().stream()
                    .filter(cgroup -> selection.picks(space, cgroup))
                    .forEach(cgroup -> remembered.put(cgroup.id, true));
            live(hierarchy).filter(cgroup -> selection.picks(space, cgroup)).forEach(cgroup -> {
                remembered.put(cgroup.id, true);
                live.put(cgroup.id, ContainerDirectory.owner(space, cgroup));
            });
            selection.update(space, live, remembered);
        });
    }

    private static Stream<Cgroup> live(Hierarchy hierarchy) {
        return Stream.concat(Stream.of(NOBODY), hierarchy.live().stream());
    }

    private boolean picksAny(Choice choice) {
        return hierarchies.entrySet().stream()
                .anyMatch(entry -> live(entry.getValue())
                        .anyMatch(cgroup -> choice.picks(
                                entry.getKey(), cgroup, ContainerDirectory.owner(entry.getKey(), cgroup))));
    }

    private String belowMount(Path cgroup) {
        Path path = cgroup.toAbsolutePath().normalize();
        return hierarchies.values().stream()
                .map(Hierarchy::mountPoint)
                .filter(path::startsWith)
                .findFirst()
                .map(mountPoint -> "/" + mountPoint.relativize(path))
                .orElse(path.toString());
    }

    private Choice ofProcess(int pid) {
        ProcessCgroup cgroup = ProcessCgroup.read(host.proc().resolve(pid + "/cgroup"));
        CgroupPath inTask = ownerAt(IdSpace.TASK, cgroup.task());
        CgroupPath owner = inTask == null ? ownerAt(IdSpace.BLOCK, cgroup.block()) : inTask;
        return new Choice.OfProcess(pid, cgroup.task(), cgroup.block(), owner);
    }

    /** The container of the cgroup at a path, null if it is in none. */
    private @Nullable CgroupPath ownerAt(IdSpace space, String path) {
        Hierarchy hierarchy = hierarchies.get(space);
        if (hierarchy == null) {
            return null;
        }
        for (Cgroup cgroup : hierarchy.live()) {
            if (cgroup.path.equals(path)) {
                return cgroup.owner != null && cgroup.owner.isContainer() ? cgroup.owner : null;
            }
        }
        return null;
    }
}
