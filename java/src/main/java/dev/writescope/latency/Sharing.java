package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.container.IdSpace;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.RequestRecord;
import dev.writescope.probe.WaitRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Who held what was waited for. The waits of a second are divided half a second later, or at the end of the interval:
 * requests that were in flight are told when they complete. Bounded; belongs to the recording thread.
 */
final class Sharing {
    private static final long DIVIDE_AFTER_NS = 500_000_000;
    private static final int MOST_DISKS = 64;
    /** Waits of more are nobody's. */
    private static final int MOST_SUBJECTS = 256;

    private static final InFlight IDLE = new InFlight();
    /** Victims times culprits; beyond, culprits are not told apart. */
    private static final int MOST_HELD = 1 << 15;

    private final Names names;
    private final Disks disks;
    /** By disk, and by partition where requests are for one. */
    private final Map<Integer, InFlight> inFlight = new HashMap<>();

    private final Map<Integer, InFlight> ofPartitions = new HashMap<>();
    /** Those whose synchronous writes have their sync told as an operation of its own. */
    private final Set<Synced> synced = new HashSet<>();

    private final Map<Subject, WaitBins> waits = new HashMap<>();
    /** The parts of an operation come one after the other. */
    private @Nullable Waited lastDevice;

    private @Nullable Waited lastCommit;
    private int lastDisk;
    private @Nullable InFlight lastInFlight;
    /** The seconds before this one are divided. */
    private long divided;

    private final Map<Held, long[]> held = new HashMap<>();
    private long newestNs;

    /** Who waited for what. */
    private record Subject(long cgroup, Operation operation, Share.Resource resource, int device) {
        boolean is(long cgroup, Operation operation, int device) {
            return this.cgroup == cgroup && this.operation == operation && this.device == device;
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(cgroup) + 7 * device + resource.hashCode() + operation.hashCode();
        }
    }

    private record Waited(Subject subject, @Nullable WaitBins bins) {}

    private record Held(Subject subject, long culprit) {}

    private record Synced(long cgroup, int device) {}

    Sharing(Names names, Disks disks) {
        this.names = names;
        this.disks = disks;
    }

    /** A request was on its device; one that never was by itself, such as a flush that another one answers, was not. */
    void request(RequestRecord request) {
        newestNs = Math.max(newestNs, request.endNs());
        long from = request.issueNs() != 0 ? request.issueNs() : request.startNs();
        if (request.issueNs() == 0 && request.bytes() == 0) {
            return;
        }
        int disk = disks.of(request.device());
        InFlight timeline = disk == lastDisk ? lastInFlight : inFlight.get(disk);
        if (timeline == null) {
            if (inFlight.size() == MOST_DISKS) {
                return;
            }
            timeline = new InFlight();
            inFlight.put(disk, timeline);
        }
        lastDisk = disk;
        lastInFlight = timeline;
        timeline.add(request.cgroup(), request.kind() == Kind.BLOCK_WRITE.code(), from, request.endNs());
        if (disk != request.device() && request.kind() == Kind.BLOCK_WRITE.code()) {
            partition(request, from);
        }
    }

    /** A commit writes to its own file system only, whatever else the disk does. */
    private void partition(RequestRecord request, long from) {
        InFlight timeline = ofPartitions.get(request.device());
        if (timeline == null) {
            if (ofPartitions.size() == MOST_DISKS) {
                return;
            }
            timeline = new InFlight();
            ofPartitions.put(request.device(), timeline);
        }
        timeline.add(request.cgroup(), true, from, request.endNs());
    }

    /** An operation waited for a device in this time. */
    void device(WaitRecord operation, int device, long fromNs, long toNs) {
        add(operation, Share.Resource.DEVICE, disk(device), fromNs, toNs, toNs - fromNs);
    }

    /**
     * An operation waited for a commit, whose data was written in this time.
     *
     * @param ns how long it waited for that
     */
    void commit(WaitRecord operation, int device, long fromNs, long toNs, long ns) {
        add(operation, Share.Resource.COMMIT, device, fromNs, toNs, ns);
    }

    /** One that has no requests of its own, as a mapped device of several disks, is taken for the only disk there is. */
    private int disk(int device) {
        int disk = disks.of(device);
        return inFlight.size() == 1 && !inFlight.containsKey(disk)
                ? inFlight.keySet().iterator().next()
                : disk;
    }

    private void add(WaitRecord operation, Share.Resource resource, int device, long fromNs, long toNs, long ns) {
        newestNs = Math.max(newestNs, toNs);
        if (isToldElsewhere(operation)) {
            return;
        }
        Operation what = Kind.ofCode(operation.kind()).operation();
        Waited waited = resource == Share.Resource.DEVICE ? lastDevice : lastCommit;
        if (waited == null || !waited.subject().is(operation.cgroup(), what, device)) {
            Subject subject = new Subject(operation.cgroup(), what, resource, device);
            waited = new Waited(subject, bins(subject));
            if (resource == Share.Resource.DEVICE) {
                lastDevice = waited;
            } else {
                lastCommit = waited;
            }
        }
        WaitBins bins = waited.bins();
        // What is too old to be known counts as what is.
        long from = Math.max(fromNs, ((newestNs >> InFlight.SPAN_BITS) - InFlight.SPANS + 1) << InFlight.SPAN_BITS);
        long rest = bins == null || toNs <= from ? ns : bins.add(from, toNs, ns);
        if (rest > 0) {
            hold(waited.subject(), InFlight.NOBODY, rest);
        }
    }

    /**
     * The waits of a sync within a write are that sync's, which ends before the write does. Those of an open that copies
     * up are none of a write.
     */
    private boolean isToldElsewhere(WaitRecord operation) {
        int device = operation.realDevice() != 0 ? operation.realDevice() : operation.device();
        if (operation.kind() == Kind.OSYNC.code() && synced.size() < MOST_SUBJECTS) {
            synced.add(new Synced(operation.cgroup(), device));
        }
        return operation.kind() == Kind.COPY_UP.code()
                || (operation.kind() == Kind.SYNCHRONOUS.code()
                        && synced.contains(new Synced(operation.cgroup(), device)));
    }

    private @Nullable WaitBins bins(Subject subject) {
        WaitBins bins = waits.get(subject);
        if (bins == null && waits.size() < MOST_SUBJECTS) {
            bins = new WaitBins();
            waits.put(subject, bins);
        }
        return bins;
    }

    /** Divides the seconds that are old enough. */
    void divideOld() {
        long span = (newestNs - DIVIDE_AFTER_NS) >> InFlight.SPAN_BITS;
        if (span > divided) {
            divided = span;
            divide(number -> number < span);
        }
    }

    private void divide(LongPredicate which) {
        waits.forEach((subject, bins) -> {
            boolean commit = subject.resource() == Share.Resource.COMMIT;
            InFlight ofPartition = commit ? ofPartitions.get(subject.device()) : null;
            InFlight timeline = ofPartition != null
                    ? ofPartition
                    : inFlight.get(commit ? disk(subject.device()) : subject.device());
            InFlight known = timeline == null ? IDLE : timeline;
            bins.take(
                    which,
                    (number, ns) -> known.divide(number, ns, commit, (culprit, held) -> hold(subject, culprit, held)));
        });
    }

    private void hold(Subject subject, long culprit, long ns) {
        Held key = new Held(subject, culprit);
        long[] sum = held.get(key);
        if (sum == null) {
            key = held.size() < MOST_HELD ? key : new Held(subject, InFlight.OTHERS);
            sum = held.computeIfAbsent(key, _ -> new long[1]);
        }
        sum[0] += ns;
    }

    /** The shares since the last call. */
    List<Share> take() {
        divide(_ -> true);
        waits.clear();
        synced.clear();
        lastDevice = null;
        lastCommit = null;
        if (held.isEmpty()) {
            return List.of();
        }
        Map<Share, Long> sums = new HashMap<>();
        held.forEach((key, sum) -> sums.merge(share(key), sum[0], Long::sum));
        held.clear();
        List<Share> shares = new ArrayList<>(sums.size());
        sums.forEach((share, ns) -> shares.add(
                new Share(share.victim(), share.operation(), share.resource(), share.device(), share.culprit(), ns)));
        return ShareLimits.apply(shares, Container.OTHERS);
    }

    /** Without its time. */
    private Share share(Held key) {
        Subject subject = key.subject();
        Container culprit =
                key.culprit() == InFlight.OTHERS ? Container.OTHERS : names.container(IdSpace.BLOCK, key.culprit());
        return new Share(
                names.container(IdSpace.TASK, subject.cgroup()),
                subject.operation(),
                subject.resource(),
                Naming.device(subject.device()),
                culprit,
                0);
    }
}
