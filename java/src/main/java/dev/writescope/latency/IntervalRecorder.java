package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Mount;
import dev.writescope.probe.EventSink;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.SlowRecord;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records events into one histogram per series, and hands all of them over at the end of an interval.
 *
 * <p>One thread records and flips; it takes no lock and allocates nothing per event. Series that have been quiet for
 * ten minutes are let go, after one where containers come and go in crowds, so that memory follows those that live.
 */
final class IntervalRecorder implements EventSink {
    private static final int TOTAL = Stage.TOTAL.code();
    private static final Duration FORGET_AFTER = Duration.ofMinutes(10);
    private static final Duration FORGET_CROWD_AFTER = Duration.ofMinutes(1);
    /** Quiet series that are a crowd. */
    static final int CROWD = 4096;

    /** More slow operations than anybody reads; the histograms have them all. */
    private static final int MOST_SLOW = 1000;

    private final SeriesTable table = new SeriesTable();
    private final LatencyPool pool;
    private final Names names;
    private final int idleLimit;
    private final int crowdedLimit;
    /** Series that were quiet in the last interval. */
    private int idle;

    private List<SlowRecord> slow = new ArrayList<>();
    /** The series of the last event: runs of events are alike. */
    private @Nullable RecordedSeries last;

    private long events;

    /** What one flip hands to the sinks' thread. */
    record Flip(Interval interval, List<RecordedSeries> sources, List<RecordedSeries> forgotten) {}

    /**
     * @param digits significant decimal digits of the histograms
     * @param interval nominal length, to know how many make ten minutes
     */
    IntervalRecorder(int digits, Duration interval, Names names) {
        this.pool = new LatencyPool(digits);
        this.names = names;
        this.idleLimit = intervals(FORGET_AFTER, interval);
        this.crowdedLimit = intervals(FORGET_CROWD_AFTER, interval);
    }

    private static int intervals(Duration time, Duration interval) {
        return Math.max(2, (int) Math.min(time.dividedBy(interval), Integer.MAX_VALUE));
    }

    LatencyPool pool() {
        return pool;
    }

    /** Operations counted since the start; a block request counts once. */
    long events() {
        return events;
    }

    @Override
    public void operation(
            long cgroup, int kind, int device, int mount, int magic, long latencyNs, long bytes, boolean failed) {
        RecordedSeries series = series(cgroup, kind, TOTAL, device, mount, magic);
        if (!series.ignored) {
            series.record(latencyNs, bytes, failed);
            events++;
        }
    }

    @Override
    public void block(long cgroup, int kind, int stage, int device, long latencyNs, long bytes, boolean failed) {
        series(cgroup, kind, stage, device, 0, 0).record(latencyNs, bytes, failed);
        if (stage == TOTAL) {
            events++;
        }
    }

    @Override
    public void blockBytes(long cgroup, int kind, int device, long bytes) {
        series(cgroup, kind, TOTAL, device, 0, 0).addBytes(bytes);
    }

    @Override
    public void slow(SlowRecord record) {
        if (slow.size() < MOST_SLOW && !FileSystems.isPseudo(record.magic())) {
            slow.add(record);
        }
    }

    private RecordedSeries series(long cgroup, int kind, int stage, int device, int mount, int magic) {
        long where = RecordedSeries.where(device, mount);
        long what = RecordedSeries.what(magic, kind, stage);
        RecordedSeries same = last;
        if (same != null && same.is(cgroup, where, what)) {
            return same;
        }
        RecordedSeries series = table.find(cgroup, where, what);
        if (series == null) {
            series = new RecordedSeries(pool, cgroup, kind, stage, device, mount, magic);
            table.add(series);
            askForNames(series);
        }
        last = series;
        return series;
    }

    /** So that they are looked for at once: at the end of the interval a short-lived container may be gone. */
    private void askForNames(RecordedSeries series) {
        IdSpace space = space(series.kind);
        names.container(space, series.cgroup);
        if (series.mount != 0) {
            names.mount(space, series.cgroup, series.mount);
        }
    }

    /** Ends the interval and begins the next. */
    Flip flip(Instant start, Duration duration, Losses lost) {
        List<SeriesInterval> taken = new ArrayList<>();
        List<RecordedSeries> sources = new ArrayList<>();
        List<RecordedSeries> forgotten = new ArrayList<>();
        List<RecordedSeries> kept = new ArrayList<>();
        int limit = idle > CROWD ? crowdedLimit : idleLimit;
        for (RecordedSeries series : table.all()) {
            if (series.hasEvents()) {
                taken.add(series.take(key(series)));
                sources.add(series);
            } else if (++series.idleIntervals > limit) {
                forgotten.add(series);
                continue;
            }
            kept.add(series);
        }
        idle = kept.size() - taken.size();
        if (!forgotten.isEmpty()) {
            table.retain(kept);
            last = null;
        }
        List<SlowRecord> slowRecords = slow;
        slow = new ArrayList<>();
        return new Flip(new Interval(start, duration, taken, slowEvents(slowRecords), lost), sources, forgotten);
    }

    /** The newest name of a series. */
    SeriesKey key(RecordedSeries series) {
        IdSpace space = space(series.kind);
        Container container = names.container(space, series.cgroup);
        SeriesKey known = series.key;
        boolean placed = known != null && (series.mount == 0 || known.place().mountClass() != null);
        if (known != null && placed && known.container().equals(container)) {
            return known;
        }
        Place place = known != null && placed ? known.place() : place(space, series);
        return new SeriesKey(container, series.cgroup, series.kind, series.stage, place);
    }

    private static IdSpace space(Kind kind) {
        return kind.operation() == Operation.BLOCK ? IdSpace.BLOCK : IdSpace.TASK;
    }

    private Place place(IdSpace space, RecordedSeries series) {
        Mount mount = series.mount == 0 ? null : names.mount(space, series.cgroup, series.mount);
        String fstype = mount == null ? FileSystems.name(series.magic) : mount.fstype();
        return new Place(
                fstype,
                device(series.device),
                mount == null ? "" : mount.point(),
                mount == null ? null : mount.mountClass(),
                mount == null ? "" : mount.allOptions());
    }

    /** The kernel's dev_t as people write it; empty for none. */
    static String device(int device) {
        return device == 0 ? "" : (device >>> 20) + ":" + (device & 0xfffff);
    }

    private List<SlowEvent> slowEvents(List<SlowRecord> records) {
        if (records.isEmpty()) {
            return List.of();
        }
        // Both are CLOCK_MONOTONIC, so the difference is how long ago it was.
        long nowNs = System.nanoTime();
        Instant now = Instant.now();
        List<SlowEvent> events = new ArrayList<>(records.size());
        for (SlowRecord record : records) {
            events.add(slowEvent(record, now.minusNanos(nowNs - record.endNs())));
        }
        return events;
    }

    private SlowEvent slowEvent(SlowRecord record, Instant time) {
        Kind kind = Kind.ofCode(record.kind());
        IdSpace space = space(kind);
        Mount mount = record.mount() == 0 ? null : names.mount(space, record.cgroup(), record.mount());
        Map<String, Long> phases = new LinkedHashMap<>();
        if (record.underlyingNs() > 0 && FileSystems.name(record.magic()).equals("overlay")) {
            phases.put("underlying", record.underlyingNs());
        }
        if (record.queueNs() >= 0) {
            phases.put("queue", record.queueNs());
            phases.put("device", record.deviceNs());
        }
        return new SlowEvent(
                time,
                names.container(space, record.cgroup()),
                kind,
                record.latencyNs(),
                record.pid(),
                record.tid(),
                record.comm(),
                file(record.path(), mount),
                record.offset(),
                record.bytes(),
                device(record.device()),
                phases);
    }

    /** The programs send the path from the root of the file system; the mount may show only a part of that. */
    private static String file(String path, @Nullable Mount mount) {
        if (mount == null || !path.startsWith("/")) {
            return path;
        }
        String root = mount.root().equals("/") ? "" : mount.root();
        String point = mount.point().equals("/") ? "" : mount.point();
        return (path + "/").startsWith(root + "/") ? point + path.substring(root.length()) : path;
    }
}
