package dev.writescope.latency;

import dev.writescope.container.Mount;
import dev.writescope.probe.ActivityRecord;
import dev.writescope.probe.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * From what each process has done since the start to what it did since the last look: the busiest apart, and
 * the others as one. Belongs to the
 * sinks' thread.
 */
final class ActivityIntervals {
    /** By bytes, and as many again by time. */
    static final int BUSIEST = 100;

    /** Twice what the kernel keeps. */
    static final int MOST_KEPT = 32_768;

    private final Naming naming;
    /** Those that a look has missed are kept: they would be counted again from their start. */
    private final Map<Subject, ActivityRecord> before = new LinkedHashMap<>(16, 0.75f, true);

    private record Subject(long cgroup, int pid, int kind, int device, int mount, long inode, int generation) {}

    private record Where(long cgroup, int kind, int device, int mount, int magic) {}

    ActivityIntervals(Naming naming) {
        this.naming = naming;
    }

    /**
     * The busiest, then the others: one for each kind and device.
     *
     * @param now all sums since the start; empty if nobody looked
     */
    List<Activity> next(List<ActivityRecord> now) {
        List<ActivityRecord> done = new ArrayList<>();
        for (ActivityRecord each : now) {
            Subject subject = new Subject(
                    each.cgroup(),
                    each.pid(),
                    each.kind(),
                    each.device(),
                    each.mount(),
                    each.inode(),
                    each.generation());
            ActivityRecord earlier = before.put(subject, each);
            ActivityRecord more = earlier == null ? each : minus(each, earlier);
            if (more.count() > 0 && !FileSystems.isPseudo(each.magic())) {
                done.add(more);
            }
        }
        while (before.size() > MOST_KEPT) {
            before.remove(before.keySet().iterator().next());
        }
        Set<ActivityRecord> busiest = busiest(done);
        List<Activity> all = new ArrayList<>(busiest.stream().map(this::named).toList());
        done.removeAll(busiest);
        all.addAll(others(done));
        return all;
    }

    private Collection<Activity> others(List<ActivityRecord> rest) {
        Map<Where, Place> places = new HashMap<>();
        Others others = new Others();
        for (ActivityRecord each : rest) {
            Kind kind = Kind.ofCode(each.kind());
            Place place = places.computeIfAbsent(
                    new Where(each.cgroup(), each.kind(), each.device(), each.mount(), each.magic()), where -> {
                        Place found = naming.place(kind, where.cgroup, where.device, where.mount, where.magic);
                        return new Place(found.fstype(), found.device(), "", null);
                    });
            others.add(kind, place, each.count(), each.bytes(), each.totalNs());
        }
        return others.sums();
    }

    /** One that counts less than before was forgotten by the kernel's map in between, and began anew. */
    private static ActivityRecord minus(ActivityRecord now, ActivityRecord earlier) {
        if (now.count() < earlier.count()) {
            return now;
        }
        return new ActivityRecord(
                now.cgroup(),
                now.pid(),
                now.comm(),
                now.kind(),
                now.device(),
                now.mount(),
                now.magic(),
                now.inode(),
                now.generation(),
                now.path(),
                now.count() - earlier.count(),
                now.bytes() - earlier.bytes(),
                now.totalNs() - earlier.totalNs());
    }

    private static Set<ActivityRecord> busiest(List<ActivityRecord> done) {
        Set<ActivityRecord> busiest = new LinkedHashSet<>();
        List<ToLongFunction<ActivityRecord>> orders = List.of(ActivityRecord::bytes, ActivityRecord::totalNs);
        for (ToLongFunction<ActivityRecord> order : orders) {
            done.stream()
                    .filter(each -> order.applyAsLong(each) > 0)
                    .sorted(Comparator.comparingLong(order).reversed())
                    .limit(BUSIEST)
                    .forEach(busiest::add);
        }
        return busiest;
    }

    private Activity named(ActivityRecord record) {
        Kind kind = Kind.ofCode(record.kind());
        Mount mount = naming.mount(kind, record.cgroup(), record.mount());
        Place place = naming.place(kind, record.cgroup(), record.device(), record.mount(), record.magic());
        return new Activity(
                naming.container(kind, record.cgroup()),
                record.pid(),
                record.comm(),
                Naming.file(record.path(), mount),
                kind,
                new Place(place.fstype(), place.device(), place.mount(), place.mountClass()),
                record.count(),
                record.bytes(),
                record.totalNs());
    }
}
