package dev.writescope.evidence;

import dev.writescope.container.Container;
import dev.writescope.container.ContainerCgroup;
import dev.writescope.container.HostPaths;
import dev.writescope.container.MountClass;
import dev.writescope.evidence.Evidence.CgroupIo;
import dev.writescope.evidence.Evidence.DeletedFile;
import dev.writescope.evidence.Evidence.DeviceLoad;
import dev.writescope.evidence.Evidence.DirtyMemory;
import dev.writescope.evidence.Evidence.FileSystemFacts;
import dev.writescope.evidence.Evidence.IoLimit;
import dev.writescope.evidence.Evidence.Pressure;
import dev.writescope.evidence.Evidence.ProcessIo;
import dev.writescope.evidence.Evidence.UpperDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files of one host from a moment on: what they said then, and what they say in the end. What costs more comes
 * before the counters at the start and behind them at the end, so that it is not in the window itself. For one thread.
 */
final class EvidenceWindow implements AutoCloseable {
    private static final String COUNTERS = "counters";
    private static final String FREE_SPACE = "free space of file systems";

    private final HostPaths host;
    private final Supplier<List<ContainerCgroup>> cgroups;
    private final WalkLimits walkLimits;
    private final Missing missing = new Missing();
    private final BlockQueues queues;
    private final KernelLog log;
    private final DirtyPages dirty;
    private final Journals journals;
    private final Map<String, ContainerMounts.Found> mountsBefore = new LinkedHashMap<>();
    private final DeletedFileScan deleted;
    private final ProcessTraffic processes;
    private final CgroupTraffic traffic;
    private final IoLimits limits;
    private final PressureTotals pressure;
    private final DiskStatistics disksBefore;
    private final List<Target> targetsBefore;
    private final Instant start = Instant.now();
    private final long startNanos;
    private volatile @Nullable Evidence known;
    private volatile String step = COUNTERS;

    EvidenceWindow(
            HostPaths host,
            Supplier<List<ContainerCgroup>> cgroups,
            Collection<Container> chosen,
            WalkLimits walkLimits) {
        this.host = host;
        this.cgroups = cgroups;
        this.walkLimits = walkLimits;
        queues = new BlockQueues(host);
        // First of all, as it has everything from its opening on.
        log = new KernelLog(host, name -> disks().device(name), missing);
        List<ContainerCgroup> all = cgroups.get();
        targetsBefore = Target.of(chosen, all);
        remember(new ContainerMounts(host, missing).read(targetsBefore));
        deleted = new DeletedFileScan(host, openers(targetsBefore), missing);
        processes = new ProcessTraffic(host, missing);
        traffic = new CgroupTraffic(all, missing);
        limits = new IoLimits(targetsBefore, missing);
        journals = new Journals(host);
        dirty = new DirtyPages(host, missing);
        pressure = new PressureTotals(host, targetsBefore, missing);
        disksBefore = disks();
        startNanos = System.nanoTime();
    }

    void sample() {
        dirty.sample();
        log.sample();
    }

    /** What is known at the start: how everything is set, and nothing that takes time to see. */
    Evidence atStart() {
        List<ContainerMounts.Found> mounts = List.copyOf(mountsBefore.values());
        var loads = disksBefore.since(disksBefore, Duration.ofSeconds(1), devices(mounts), queues);
        Counters none = new Counters(
                Duration.ZERO, limits.finish(targetsBefore), List.of(), List.of(), List.of(), dirty.finish());
        known = evidence(none, loads, List.of(), mounts, List.of(), List.of());
        step = FREE_SPACE;
        var fileSystems = new FileSystems(host, missing).read(mounts, disksBefore, journals.finish());
        return evidence(none, loads, fileSystems, mounts, List.of(), List.of());
    }

    /** Counters that the kernel has in its memory come first: whatever looks at files may have to wait for a disk. */
    Evidence finish(Collection<Container> chosen) {
        step = COUNTERS;
        DiskStatistics disks = disks();
        Duration elapsed = Duration.ofNanos(Math.max(1, System.nanoTime() - startNanos));
        List<ContainerCgroup> all = cgroups.get();
        List<Target> targets = Target.of(chosen, all);
        var pressureShares = pressure.finish(targets, elapsed);
        var journalsNow = journals.finish();
        var cgroupIo = traffic.finish(all);
        var processIo = processes.finish(pids(targets), pid -> owner(pid, all));
        Counters counters =
                new Counters(elapsed, limits.finish(targets), pressureShares, cgroupIo, processIo, dirty.finish());
        Set<Target.Owner> owners = chosen.stream().map(Target.Owner::of).collect(Collectors.toSet());
        List<ContainerMounts.Found> mounts = mountsOf(owners);
        var loads = disks.since(disksBefore, elapsed, devices(mounts), queues);
        known = evidence(counters, loads, List.of(), mounts, List.of(), List.of());

        step = "mounts of containers";
        remember(new ContainerMounts(host, missing).read(targets));
        mounts = mountsOf(owners);
        loads = disks.since(disksBefore, elapsed, devices(mounts), queues);
        known = evidence(counters, loads, List.of(), mounts, List.of(), List.of());

        step = FREE_SPACE;
        var fileSystems = new FileSystems(host, missing).read(mounts, disks, journalsNow);
        known = evidence(counters, loads, fileSystems, mounts, List.of(), List.of());

        step = "deleted files";
        var withoutName = deleted.finish(openers(targets));
        known = evidence(counters, loads, fileSystems, mounts, withoutName, List.of());

        step = "writable layers";
        return evidence(counters, loads, fileSystems, mounts, withoutName, upperDirectories(mounts));
    }

    /** What had been found when {@link #finish} came to its present {@link #step}; for any thread. */
    @Nullable
    Evidence known() {
        return known;
    }

    /** What is being read; for any thread. */
    String step() {
        return step;
    }

    private record Counters(
            Duration elapsed,
            List<IoLimit> limits,
            List<Pressure> pressure,
            List<CgroupIo> cgroups,
            List<ProcessIo> processes,
            DirtyMemory dirty) {}

    private Evidence evidence(
            Counters counters,
            List<DeviceLoad> devices,
            List<FileSystemFacts> fileSystems,
            List<ContainerMounts.Found> mounts,
            List<DeletedFile> withoutName,
            List<UpperDirectory> layers) {
        return new Evidence(
                start,
                counters.elapsed,
                devices,
                fileSystems,
                mounts.stream().map(ContainerMounts.Found::facts).toList(),
                counters.limits,
                counters.pressure,
                counters.cgroups,
                counters.processes,
                withoutName,
                layers,
                counters.elapsed.isZero() ? List.of() : log.finish(),
                counters.dirty,
                missing.list());
    }

    private DiskStatistics disks() {
        try {
            return DiskStatistics.read(host);
        } catch (IOException unreadable) {
            missing.add("devices", unreadable, "a readable /proc");
            return new DiskStatistics(Map.of());
        }
    }

    /** A container that ended in the window had these mounts; of one that is there the newest are told. */
    private void remember(List<ContainerMounts.Found> mounts) {
        mounts.forEach(found -> mountsBefore.put(
                Target.Owner.of(found.facts().container()) + " "
                        + found.facts().mount().id(),
                found));
    }

    private List<ContainerMounts.Found> mountsOf(Set<Target.Owner> owners) {
        return mountsBefore.values().stream()
                .filter(found -> owners.contains(Target.Owner.of(found.facts().container())))
                .toList();
    }

    private static Set<String> devices(List<ContainerMounts.Found> mounts) {
        return mounts.stream().map(found -> found.facts().realDevice()).collect(Collectors.toCollection(HashSet::new));
    }

    private static Map<Integer, Container> pids(List<Target> targets) {
        Map<Integer, Container> pids = new LinkedHashMap<>();
        targets.forEach(target -> target.pids().forEach(pid -> pids.putIfAbsent(pid, target.container())));
        return pids;
    }

    private Map<Integer, Container> openers(List<Target> targets) {
        Map<Integer, Container> openers = new LinkedHashMap<>(pids(targets));
        DeletedFileScan.runtimes(host).forEach(openers::putIfAbsent);
        return openers;
    }

    /** Whose process it is, in one hierarchy or the other. */
    private Container owner(int pid, List<ContainerCgroup> all) {
        Set<String> paths = new HashSet<>();
        for (String line :
                KernelText.readOrEmpty(host.proc().resolve(pid + "/cgroup")).split("\n", -1)) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && !fields[2].equals("/")) {
                paths.add(fields[2]);
            }
        }
        return all.stream()
                .filter(cgroup -> paths.contains(cgroup.path()))
                .map(ContainerCgroup::container)
                .findFirst()
                .orElse(Container.host(""));
    }

    /** All share the limits, each its part of what is left. */
    private List<UpperDirectory> upperDirectories(List<ContainerMounts.Found> mounts) {
        List<ContainerMounts.Found> overlays = mounts.stream()
                .filter(found -> found.facts().mountClass() == MountClass.UPPERDIR
                        && !found.facts().mount().upperdir().isEmpty())
                .toList();
        List<UpperDirectory> walked = new ArrayList<>();
        long entries = walkLimits.entries();
        Duration time = walkLimits.time();
        for (int i = 0; i < overlays.size(); i++) {
            int left = overlays.size() - i;
            ContainerMounts.Found overlay = overlays.get(i);
            Path seen = overlay.seen();
            if (seen == null) {
                continue;
            }
            try {
                UpperDirectory counted =
                        UpperDirectoryWalk.walk(overlay.facts(), seen, entries / left, time.dividedBy(left));
                walked.add(counted);
                entries -= counted.files() + counted.directories() + counted.whiteouts();
                time = time.minus(counted.took());
            } catch (IOException gone) {
                String name = overlay.facts().container().displayName();
                missing.add("writable layer of " + name, gone, "CAP_DAC_READ_SEARCH");
            }
        }
        return walked;
    }

    @Override
    public void close() {
        log.close();
    }
}
