package dev.writescope.view;

import dev.writescope.latency.Place;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Merges series into rows: by container, operation and stage, and by the chosen dimensions. Percentiles come
 * from the added histograms, never from other percentiles. Copy-ups are in no other row than their own. Reuses one histogram: one thread at a time.
 */
public final class Grouping {
    /** What {@code --by} can keep apart. */
    public enum Dimension {
        /** The mount point with its file system and class. */
        MOUNT,
        DEVICE,
        KIND,
        /** The parts of syncs and writes; without it they are left out. */
        PHASE
    }

    private final Set<Dimension> dimensions;
    private @Nullable Histogram sum;

    public Grouping(Collection<Dimension> dimensions) {
        this.dimensions = EnumSet.noneOf(Dimension.class);
        this.dimensions.addAll(dimensions);
    }

    /** Keeps everything apart but the cgroups of one container. */
    static Grouping finest() {
        return new Grouping(EnumSet.allOf(Dimension.class));
    }

    public boolean keeps(Dimension dimension) {
        return dimensions.contains(dimension);
    }

    /** One row per group, in the order in which the groups first appear. */
    public List<Row> merge(List<SeriesInterval> series) {
        Map<RowKey, List<SeriesInterval>> groups = new LinkedHashMap<>();
        for (SeriesInterval one : series) {
            if (keeps(Dimension.PHASE) || !isPhase(one.key())) {
                groups.computeIfAbsent(key(one.key()), key -> new ArrayList<>(2))
                        .add(one);
            }
        }
        List<Row> rows = new ArrayList<>(groups.size());
        groups.forEach((key, members) -> rows.add(Row.of(key, commonCgroup(members), add(members))));
        return rows;
    }

    private static boolean isPhase(SeriesKey key) {
        return key.operation() != Operation.BLOCK && key.stage() != Stage.TOTAL;
    }

    private RowKey key(SeriesKey key) {
        Place place = key.place();
        boolean mount = keeps(Dimension.MOUNT);
        return new RowKey(
                key.container(),
                key.operation(),
                key.stage(),
                keeps(Dimension.KIND) || key.kind() == Kind.COPY_UP ? key.kind() : null,
                new Place(
                        mount ? place.fstype() : "",
                        keeps(Dimension.DEVICE) ? place.device() : "",
                        mount ? place.mount() : "",
                        mount ? place.mountClass() : null));
    }

    private static long commonCgroup(List<SeriesInterval> members) {
        long first = members.getFirst().key().cgroupId();
        return members.stream().allMatch(member -> member.key().cgroupId() == first) ? first : 0;
    }

    private SeriesInterval add(List<SeriesInterval> members) {
        SeriesInterval first = members.getFirst();
        return members.size() == 1 ? first : SeriesInterval.merge(first.key(), members, emptyLike(first));
    }

    private Histogram emptyLike(SeriesInterval series) {
        int digits = series.latencies().digits();
        if (sum == null || sum.getNumberOfSignificantValueDigits() != digits) {
            sum = new Histogram(digits);
        }
        sum.reset();
        return sum;
    }
}
