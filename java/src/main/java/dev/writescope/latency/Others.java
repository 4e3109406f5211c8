package dev.writescope.latency;

import dev.writescope.probe.Kind;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adds up activity that is not told apart: one sum for each kind and place, so that the sums of all stay as they are. */
public final class Others {
    private record Sum(Kind kind, Place place) {}

    private final Map<Sum, Activity> sums = new LinkedHashMap<>();

    public void add(Kind kind, Place place, long count, long bytes, long totalNs) {
        sums.merge(new Sum(kind, place), Activity.others(kind, place, count, bytes, totalNs), Others::plus);
    }

    public Collection<Activity> sums() {
        return sums.values();
    }

    private static Activity plus(Activity sum, Activity more) {
        return Activity.others(
                sum.kind(),
                sum.place(),
                sum.count() + more.count(),
                sum.bytes() + more.bytes(),
                sum.totalNs() + more.totalNs());
    }
}
