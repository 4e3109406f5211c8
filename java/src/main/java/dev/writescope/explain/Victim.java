package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.container.MountClass;
import dev.writescope.evidence.Evidence;
import dev.writescope.evidence.Evidence.DeviceLoad;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Regression;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.latency.Share;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A container and one of its operations, with all that was seen around it, as rules ask for it. */
final class Victim {
    private final Observation observed;
    private final Container container;
    private final Operation operation;
    private final Devices devices;
    /** As whole operations, the most time first. */
    private final List<SeriesInterval> series;

    private final SeriesInterval total;
    private final @Nullable SeriesInterval copies;
    private final Map<Stage, SeriesInterval> parts;
    private final @Nullable SeriesInterval overlay;
    private final long wholeNs;
    private final Severity severity;

    /** @throws IllegalArgumentException if the container has no such operation */
    Victim(Observation observed, Container container, Operation operation) {
        this.observed = observed;
        this.container = container;
        this.operation = operation;
        this.devices = new Devices(observed.evidence());
        List<SeriesInterval> all = observed.series().stream()
                .filter(each -> each.key().container().equals(container) && each.count() > 0)
                .toList();
        Predicate<SeriesKey> isCounted = counted(all);
        List<SeriesInterval> counted = all.stream()
                .filter(each -> each.key().operation() == operation && isCounted.test(each.key()))
                .toList();
        List<SeriesInterval> copied =
                all.stream().filter(each -> each.key().kind() == Kind.COPY_UP).toList();
        // Who writes nothing may wait for copies still: then they are what there is to explain.
        List<SeriesInterval> own = counted.isEmpty() && operation == Operation.WRITE ? copied : counted;
        this.series = own.stream()
                .filter(each -> each.key().stage() == Stage.TOTAL)
                .sorted(Comparator.comparingLong(SeriesInterval::sumNs).reversed())
                .toList();
        if (series.isEmpty()) {
            throw new IllegalArgumentException("no " + operation.label() + " of " + container.displayName());
        }
        this.total = sum(series);
        List<SeriesInterval> copies = copied.stream()
                .filter(each -> each.key().stage() == Stage.TOTAL)
                .toList();
        this.copies = copies.isEmpty() ? null : sum(copies);
        this.parts = new EnumMap<>(Stage.class);
        own.stream()
                .filter(each -> each.key().stage().isPart())
                .collect(Collectors.groupingBy(each -> each.key().stage()))
                .forEach((stage, some) -> parts.put(stage, sum(some)));
        List<SeriesInterval> layers =
                own.stream().filter(each -> each.key().stage() == Stage.OVERLAY).toList();
        this.overlay = layers.isEmpty() ? null : sum(layers);
        this.wholeNs = Math.max(
                1,
                Math.max(
                        total.sumNs(),
                        parts.values().stream().mapToLong(SeriesInterval::sumNs).sum()));
        this.severity = Severity.of(this);
    }

    /**
     * Where the sync part of synchronous writes is seen it is a sync already, which takes nearly all of their time. Overlay
     * copies up in an open, before anything is written: a few of those would be all that the percentiles of writes tell.
     */
    static Predicate<SeriesKey> counted(List<SeriesInterval> series) {
        Set<List<?>> synced = series.stream()
                .map(SeriesInterval::key)
                .filter(key -> key.kind() == Kind.OSYNC)
                .map(Victim::containerAndPlace)
                .collect(Collectors.toSet());
        return key -> switch (key.kind()) {
            case COPY_UP -> false;
            case SYNCHRONOUS -> !synced.contains(containerAndPlace(key));
            default -> true;
        };
    }

    private static List<?> containerAndPlace(SeriesKey key) {
        return List.of(key.container(), key.place());
    }

    private static SeriesInterval sum(List<SeriesInterval> some) {
        SeriesInterval first = some.getFirst();
        return some.size() == 1
                ? first
                : SeriesInterval.merge(
                        first.key(), some, new Histogram(first.latencies().digits()));
    }

    Observation observed() {
        return observed;
    }

    Evidence evidence() {
        return observed.evidence();
    }

    Container container() {
        return container;
    }

    Operation operation() {
        return operation;
    }

    Devices devices() {
        return devices;
    }

    List<SeriesInterval> series() {
        return series;
    }

    SeriesInterval total() {
        return total;
    }

    /** What overlay copied up when it opened files, as whole operations; null if nothing was seen of that. */
    @Nullable
    SeriesInterval copies() {
        return copies;
    }

    /** The share of them in the time that it waited for them and for the operation; 0 to 1. */
    double shareOfCopies() {
        if (copies == null) {
            return 0;
        }
        boolean alone = series.getFirst().key().kind() == Kind.COPY_UP;
        return (double) copies.sumNs() / Math.max(1, copies.sumNs() + (alone ? 0 : total.sumNs()));
    }

    Map<Stage, SeriesInterval> parts() {
        return parts;
    }

    /** What overlay itself adds to operations on it, within the parts; null where it is not known. */
    @Nullable
    SeriesInterval overlay() {
        return overlay;
    }

    Severity severity() {
        return severity;
    }

    double seconds() {
        return Math.max(1, observed.duration().toNanos()) / 1e9;
    }

    double perSecond() {
        return total.count() / seconds();
    }

    /**
     * Time spent waiting for each second that passed: 1 is one thread that does nothing else. What cannot be told from
     * work counts as waiting in a sync, which is made of it, and as work in a write, which copies to memory.
     */
    double waitingThreads() {
        if (operation == Operation.WRITE && parts.isEmpty()) {
            return 0;
        }
        return total.sumNs() / 1e9 / seconds() * (1 - share(Stage.RUNNING));
    }

    /** How many operations were taken apart: each of those was on a CPU for some time. */
    long takenApart() {
        SeriesInterval running = parts.get(Stage.RUNNING);
        return running != null
                ? running.count()
                : parts.values().stream().mapToLong(SeriesInterval::count).max().orElse(0);
    }

    /** Some stages' share of the time in the operation; all shares together are never above 1. */
    double share(Stage... stages) {
        return (double) Stream.of(stages).mapToLong(this::partNs).sum() / wholeNs;
    }

    private long partNs(Stage stage) {
        SeriesInterval part = parts.get(stage);
        return part == null ? 0 : part.sumNs();
    }

    /** The share of the time that no part accounts for. */
    double unexplained() {
        double known = 0;
        for (Stage stage : parts.keySet()) {
            known += stage == Stage.OTHER ? 0 : share(stage);
        }
        return Math.max(0, 1 - known);
    }

    /**
     * A part of the time in the operation.
     *
     * @param share of that time, 0 to 1
     */
    record Held(Container holder, String device, double share) {}

    /** Who held what it waited for, the largest share first, as shares of the time in the operation. */
    Map<Container, Double> holders(Share.Resource resource) {
        Map<Container, Double> sums = new LinkedHashMap<>();
        held(resource).forEach(held -> sums.merge(held.holder(), held.share(), Double::sum));
        Map<Container, Double> sorted = new LinkedHashMap<>();
        sums.entrySet().stream()
                .sorted(Map.Entry.<Container, Double>comparingByValue().reversed())
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }

    /** The same of each device or file system by itself. */
    List<Held> held(Share.Resource resource) {
        long heldAltogether = observed.shares().stream()
                .filter(share -> share.victim().equals(container) && share.operation() == operation)
                .mapToLong(Share::ns)
                .sum();
        double whole = Math.max(wholeNs, heldAltogether);
        return observed.shares().stream()
                .filter(share -> share.victim().equals(container)
                        && share.operation() == operation
                        && share.resource() == resource)
                .map(share -> new Held(share.culprit(), share.device(), share.ns() / whole))
                .sorted(Comparator.comparingDouble(Held::share).reversed())
                .toList();
    }

    /** As this container's own file system on a disk is named; else as the disk is. */
    String placeOn(String disk) {
        return places().stream()
                .filter(place -> devices.same(place, disk))
                .findFirst()
                .orElse(disk);
    }

    /** Its devices, where most of the time goes first. */
    Set<String> places() {
        return series.stream()
                .map(each -> devices.real(container, each.key().place()))
                .filter(device -> !device.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The file system that most of the time goes to; empty when it is not known. */
    String device() {
        return places().stream().findFirst().orElse("");
    }

    boolean isOn(String device) {
        return places().stream().anyMatch(place -> devices.same(place, device));
    }

    /** Every file system it has mounted or used. */
    boolean mounts(String device) {
        return isOn(device)
                || evidence().mounts().stream()
                        .anyMatch(mount ->
                                mount.container().equals(container) && devices.same(mount.realDevice(), device));
    }

    /** How busy the device is that most of the time goes to; nothing if there are no figures of a window. */
    Optional<DeviceLoad> load() {
        return load(device());
    }

    Optional<DeviceLoad> load(String device) {
        return evidence().isOfStartOnly() ? Optional.empty() : devices.load(device);
    }

    /** The share of its time in operations on mounts of a class. */
    double timeOn(MountClass mountClass) {
        return (double) series.stream()
                        .filter(each -> each.key().place().mountClass() == mountClass)
                        .mapToLong(SeriesInterval::sumNs)
                        .sum()
                / Math.max(1, total.sumNs());
    }

    /** What processes did on its file systems, the most bytes first. */
    List<Activity> activityHere(Predicate<Activity> which) {
        return activity().stream()
                .filter(each -> isOn(devices.real(each.container(), each.place())))
                .filter(which)
                .toList();
    }

    /** What processes did anywhere, the most bytes first. */
    List<Activity> activity() {
        return observed.activity().stream()
                .sorted(Comparator.comparingLong(Activity::bytes)
                        .thenComparingLong(Activity::count)
                        .reversed())
                .toList();
    }

    /** The alarm that is not over, the largest if there are some; null without. */
    @Nullable
    Regression regression() {
        Map<List<?>, Regression> latest = new LinkedHashMap<>();
        for (Regression each : observed.regressions()) {
            if (each.container().equals(container) && each.operation() == operation) {
                List<@Nullable Object> subject = new ArrayList<>();
                subject.add(each.kind());
                subject.add(each.mount());
                latest.put(subject, each);
            }
        }
        return latest.values().stream()
                .filter(each -> each.state() == Regression.State.ALARM)
                .max(Comparator.comparingDouble(Regression::ratio))
                .orElse(null);
    }
}
