package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.container.Mount;
import dev.writescope.container.MountClass;
import dev.writescope.evidence.Evidence;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.latency.Share;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Half a minute on a host that is made up: a healthy one, to which whatever is wrong is added. */
public final class Situation {
    public static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    public static final int SECONDS = 30;
    public static final String DISK = "254:16";
    public static final String ROOT_DISK = "254:0";
    public static final Container DB = pod("shop", "db-0", "db");
    public static final Container ETL = pod("batch", "etl-7", "etl");
    public static final Container SHIM = Container.host("containerd.service");
    public static final Place DATA = new Place("ext4", DISK, "/data", MountClass.VOLUME);
    public static final Place LAYER = new Place("overlay", "0:53", "/", MountClass.UPPERDIR);
    public static final long MS = 1_000_000;
    public static final long MIB = 1 << 20;

    private final List<SeriesInterval> series = new ArrayList<>();
    private final List<Share> shares = new ArrayList<>();
    private final List<Activity> activity = new ArrayList<>();
    private final List<SlowEvent> slow = new ArrayList<>();
    private final List<Regression> regressions = new ArrayList<>();
    final List<Evidence.DeviceLoad> devices = new ArrayList<>();
    final List<Evidence.FileSystemFacts> fileSystems = new ArrayList<>();
    final List<Evidence.MountFacts> mounts = new ArrayList<>();
    final List<Evidence.IoLimit> limits = new ArrayList<>();
    final List<Evidence.CgroupIo> cgroups = new ArrayList<>();
    final List<Evidence.Pressure> pressure = new ArrayList<>();
    final List<Evidence.ProcessIo> processes = new ArrayList<>();
    final List<Evidence.DeletedFile> deleted = new ArrayList<>();
    final List<Evidence.UpperDirectory> layers = new ArrayList<>();
    final List<Evidence.KernelMessage> messages = new ArrayList<>();
    final List<String> missing = new ArrayList<>();
    Evidence.DirtyMemory dirty = new Evidence.DirtyMemory(10 * MIB, 0, 1000 * MIB, 500 * MIB, Map.of());
    String cgroupMode = "v2";
    Duration evidenceOf = Duration.ofSeconds(SECONDS);
    private Losses lost = Losses.NONE;

    public static Container pod(String namespace, String pod, String name) {
        return new Container(
                Container.Type.CONTAINER,
                name,
                name + "0".repeat(64 - name.length()),
                "containerd",
                namespace,
                pod,
                "uid-" + pod,
                "image:1",
                "");
    }

    /** Two flash devices of which none has anything to do, and a file system on the second. */
    public static Situation calm() {
        Situation calm = new Situation();
        calm.fileSystems.add(fileSystem("data=ordered", 1000, 900, 1_000_000, 900_000));
        calm.mounts.add(mount(DB, DATA, "rw,relatime", "", DISK));
        calm.mounts.add(mount(ETL, DATA, "rw,relatime", "", DISK));
        calm.mounts.add(mount(DB, LAYER, "rw,relatime", "/layers/7/fs", ROOT_DISK));
        return calm.load(0.11, 0.3, 2);
    }

    static Evidence.FileSystemFacts fileSystem(
            String options, long totalGiB, long freeGiB, long totalInodes, long freeInodes) {
        return new Evidence.FileSystemFacts(
                DISK,
                "ext4",
                "/dev/vdb",
                options,
                new Evidence.Journal(307, 293, 4.7),
                totalGiB << 30,
                freeGiB << 30,
                totalInodes,
                freeInodes,
                0);
    }

    static Evidence.MountFacts mount(
            Container container, Place place, String options, String upperdir, String realDevice) {
        return new Evidence.MountFacts(
                container,
                new Mount(
                        41,
                        place.device(),
                        place.fstype(),
                        "/",
                        place.mount(),
                        "source",
                        options,
                        "rw",
                        place.mountClass() == null ? MountClass.VOLUME : place.mountClass(),
                        upperdir),
                place.mountClass() == null ? MountClass.VOLUME : place.mountClass(),
                realDevice);
    }

    /** How busy the second disk is, by iostat's figures; each of its writes takes so many milliseconds. */
    public Situation load(double utilisation, double queueSize, double writeMs) {
        return load(utilisation, queueSize, writeMs, 1, false);
    }

    Situation load(double utilisation, double queueSize, double writeMs, double flushMs, boolean rotational) {
        devices.removeIf(device -> device.device().equals(DISK));
        devices.add(new Evidence.DeviceLoad(
                DISK,
                "vdb",
                utilisation,
                queueSize,
                0,
                0,
                123,
                writeMs,
                5_000_000,
                53,
                flushMs,
                rotational,
                "none",
                "write back"));
        return this;
    }

    /** Operations that all take as long, and of which all parts do. */
    public Situation operations(
            Container container, Kind kind, Place place, int count, long ns, Map<Stage, Double> parts) {
        series.add(series(new SeriesKey(container, 4711, kind, Stage.TOTAL, place), count, ns));
        parts.forEach((stage, share) ->
                series.add(series(new SeriesKey(container, 4711, kind, stage, place), count, (long) (ns * share))));
        return this;
    }

    public Situation syncs(int count, long ns, Map<Stage, Double> parts) {
        return operations(DB, Kind.FSYNC, DATA, count, ns, parts);
    }

    Situation requests(Container container, Kind kind, int count, long ns, long bytesEach, long errors) {
        SeriesInterval all =
                series(new SeriesKey(container, 7, kind, Stage.TOTAL, new Place("", DISK, "", null)), count, ns);
        series.add(
                new SeriesInterval(all.key(), count, errors, bytesEach * count, ns, ns, count * ns, all.latencies()));
        return this;
    }

    private static SeriesInterval series(SeriesKey key, int count, long ns) {
        Histogram histogram = new Histogram(3);
        histogram.recordValueWithCount(Math.max(1, ns), count);
        return new SeriesInterval(key, count, 0, 4096L * count, ns, ns, count * ns, histogram);
    }

    /** Somebody held what the database waited for. */
    public Situation held(Operation operation, Share.Resource resource, Container culprit, long ns) {
        return share(new Share(DB, operation, resource, DISK, culprit, ns));
    }

    Situation share(Share share) {
        shares.add(share);
        return this;
    }

    public Situation activity(
            Container container, String comm, String file, Kind kind, Place place, long count, long bytes) {
        activity.add(
                new Activity(container, 4211 + activity.size(), comm, file, kind, place, count, bytes, count * MS));
        return this;
    }

    /** What a process wrote, what of it never came to a disk, and how long that held it up. */
    public Situation process(Container container, String comm, long written, long cancelled, long delayNs) {
        processes.add(new Evidence.ProcessIo(container, 7001 + processes.size(), comm, 0, written, cancelled, delayNs));
        return this;
    }

    public Situation pressure(Container container, double ioSome, double ioFull, double memorySome) {
        pressure.add(new Evidence.Pressure(container, ioSome, ioFull, memorySome));
        return this;
    }

    Situation slow(Kind kind, String file, long ns, String phase) {
        slow.add(new SlowEvent(NOON, DB, kind, ns, 4211, 4217, "sh", file, -1, -1, DISK, Map.of(phase, ns)));
        return this;
    }

    public Situation regressed(Operation operation, long beforeNs, long afterNs) {
        return flagged(operation, beforeNs, afterNs, Regression.State.ALARM);
    }

    Situation flagged(Operation operation, long beforeNs, long afterNs, Regression.State state) {
        regressions.add(new Regression(
                NOON.plusSeconds(23), DB, operation, null, null, 0.99, beforeNs, afterNs, NOON.plusSeconds(7), state));
        return this;
    }

    public Situation lost(Losses losses) {
        lost = losses;
        return this;
    }

    public Observation observed() {
        return new Observation(
                new RunStart(
                        NOON,
                        "1.0",
                        "node-7",
                        "6.12.0-test",
                        "",
                        cgroupMode,
                        Duration.ofSeconds(1),
                        2,
                        List.of(),
                        List.of(new Coverage(Operation.FSYNC, "tp_btf", List.of()))),
                new RunEnd(NOON, Duration.ofSeconds(SECONDS), List.copyOf(series), 1, 0, lost, 0.1, 1),
                List.copyOf(shares),
                List.copyOf(activity),
                List.copyOf(slow),
                List.copyOf(regressions),
                new Evidence(
                        NOON,
                        evidenceOf,
                        devices,
                        fileSystems,
                        mounts,
                        limits,
                        pressure,
                        cgroups,
                        processes,
                        deleted,
                        layers,
                        messages,
                        dirty,
                        missing));
    }

    /** What is found for the database. */
    List<Cause> causes() {
        return Explainer.explain(observed(), key -> key.container().equals(DB)).notes().stream()
                .flatMap(note -> note.causes().stream())
                .toList();
    }

    List<Cause.Name> names() {
        return causes().stream().map(Cause::name).toList();
    }

    Explanation note() {
        return Explainer.explain(observed(), key -> key.container().equals(DB))
                .notes()
                .getFirst();
    }
}
