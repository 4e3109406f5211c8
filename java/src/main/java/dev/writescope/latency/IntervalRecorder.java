package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.container.Mount;
import dev.writescope.probe.ActivityRecord;
import dev.writescope.probe.CommitRecord;
import dev.writescope.probe.EventSink;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.RequestRecord;
import dev.writescope.probe.SlowRecord;
import dev.writescope.probe.Stage;
import dev.writescope.probe.WaitRecord;
import java.nio.file.Path;
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
    private static final int RUNNING = Stage.RUNNING.code();
    private static final int OVERLAY = Stage.OVERLAY.code();
    private static final Duration FORGET_AFTER = Duration.ofMinutes(10);
    private static final Duration FORGET_CROWD_AFTER = Duration.ofMinutes(1);
    /** Quiet series that are a crowd. */
    static final int CROWD = 4096;

    /** More slow operations than anybody reads; the histograms have them all. */
    private static final int MOST_SLOW = 1000;

    private final SeriesTable table = new SeriesTable();
    private final LatencyPool pool;
    private final Naming naming;
    private final Breakdown breakdown;
    private final int idleLimit;
    private final int crowdedLimit;
    /** Series that were quiet in the last interval. */
    private int idle;

    private List<SlowRecord> slow = new ArrayList<>();
    /** The series of the last event: runs of events are alike. */
    private @Nullable RecordedSeries last;

    private long events;

    /**
     * What one flip hands to the sinks' thread.
     *
     * @param activity what each process has done since the start; empty if that was not looked at
     */
    record Flip(
            Interval interval,
            List<RecordedSeries> sources,
            List<RecordedSeries> forgotten,
            List<ActivityRecord> activity) {
        Flip with(List<ActivityRecord> sums) {
            return new Flip(interval, sources, forgotten, sums);
        }
    }

    /**
     * @param digits significant decimal digits of the histograms
     * @param interval nominal length, to know how many make ten minutes
     */
    IntervalRecorder(int digits, Duration interval, Names names) {
        this.pool = new LatencyPool(digits);
        this.naming = new Naming(names);
        this.breakdown = new Breakdown(names, new Disks(Path.of("/sys")), this::parts);
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

    @Override
    public void waited(WaitRecord record) {
        if (!FileSystems.isPseudo(record.magic())) {
            breakdown.waited(record);
        }
    }

    @Override
    public void ran(long cgroup, int kind, int device, int mount, int magic, long latencyNs) {
        if (!FileSystems.isPseudo(magic)) {
            series(cgroup, kind, RUNNING, device, mount, magic).record(latencyNs, 0, false);
        }
    }

    @Override
    public void commit(CommitRecord record) {
        breakdown.commit(record);
    }

    @Override
    public void request(RequestRecord record) {
        breakdown.request(record);
    }

    /** A drain has gone through everything. */
    void drained() {
        breakdown.drained();
    }

    private void parts(WaitRecord record, Parts parts) {
        for (int stage = 0; stage < Parts.stages(); stage++) {
            long ns = parts.of(stage);
            if (ns > 0 || stage == RUNNING) {
                series(record.cgroup(), record.kind(), stage, record.device(), record.mount(), record.magic())
                        .record(ns, 0, false);
            }
        }
        if (record.underlyingNs() > 0) {
            series(record.cgroup(), record.kind(), OVERLAY, record.device(), record.mount(), record.magic())
                    .record(Math.max(0, record.latencyNs() - record.underlyingNs()), 0, false);
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
        naming.container(series.kind, series.cgroup);
        naming.mount(series.kind, series.cgroup, series.mount);
    }

    /** Ends the interval and begins the next. */
    Flip flip(Instant start, Duration duration, Losses lost) {
        List<Share> shares = breakdown.end();
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
        Interval interval =
                new Interval(start, duration, taken, slowEvents(slowRecords), lost, List.of(), shares, List.of());
        return new Flip(interval, sources, forgotten, List.of());
    }

    /** The newest name of a series. */
    SeriesKey key(RecordedSeries series) {
        Container container = naming.container(series.kind, series.cgroup);
        SeriesKey known = series.key;
        boolean placed = known != null && (series.mount == 0 || known.place().mountClass() != null);
        if (known != null && placed && known.container().equals(container)) {
            return known;
        }
        Place place = known != null && placed
                ? known.place()
                : naming.place(series.kind, series.cgroup, series.device, series.mount, series.magic);
        return new SeriesKey(container, series.cgroup, series.kind, series.stage, place);
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
        Mount mount = naming.mount(kind, record.cgroup(), record.mount());
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
                naming.container(kind, record.cgroup()),
                kind,
                record.latencyNs(),
                record.pid(),
                record.tid(),
                record.comm(),
                Naming.file(record.path(), mount),
                record.offset(),
                record.bytes(),
                Naming.device(record.device()),
                phases);
    }
}
