package dev.writescope.view;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Judge;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the live view knows: rows of the last minute, losses, cost, recent notices. Bounded; not thread-safe. */
final class LiveModel {
    private static final Duration FORGET_AFTER = Duration.ofMinutes(5);
    private static final int MOST_NOTICES = 256;
    private static final int MOST_FLAGS = 64;

    private final Grouping summaryGrouping = new Grouping(List.of());
    private final Grouping detailGrouping = Grouping.finest();
    private final RunStart start;
    private final LiveRows summary;
    private final LiveRows detail;
    private final Deque<Notice> notices;
    /** Apart from the others, of which a slow disk makes hundreds a second. */
    private final Deque<Notice> flags;

    private final LiveAlarms alarms;

    private Judge.State judging = Judge.State.OFF;
    private long tick = -1;
    private Instant now;
    private double seconds = 1;
    private long operations;
    private long unattributed;
    private double operationsPerSecond;
    private Losses lost = Losses.NONE;
    private AgentUsage usage = AgentUsage.NONE;
    private double cpuShare;
    private @Nullable LiveExplanation explanation;

    LiveModel(RunStart start) {
        this(start, new LiveRows(), new LiveRows(), new ArrayDeque<>(), new ArrayDeque<>(), new LiveAlarms());
    }

    private LiveModel(
            RunStart start,
            LiveRows summary,
            LiveRows detail,
            Deque<Notice> notices,
            Deque<Notice> flags,
            LiveAlarms alarms) {
        this.start = start;
        this.now = start.time();
        this.summary = summary;
        this.detail = detail;
        this.notices = notices;
        this.flags = flags;
        this.alarms = alarms;
    }

    /** A picture of the rows and notices that later intervals do not change. */
    LiveModel freeze() {
        LiveModel frozen = new LiveModel(
                start,
                summary.copy(),
                detail.copy(),
                new ArrayDeque<>(notices),
                new ArrayDeque<>(flags),
                alarms.copy());
        frozen.tick = tick;
        frozen.now = now;
        frozen.seconds = seconds;
        return frozen;
    }

    void interval(Interval interval, AgentUsage used) {
        tick++;
        now = interval.start().plus(interval.duration());
        seconds = Math.max(1, interval.duration().toNanos()) / 1e9;
        count(interval);
        cost(used);
        StagedRow.of(summaryGrouping.merge(interval.series())).forEach(row -> summary.put(row, tick));
        detail(detailGrouping.merge(interval.series()));
        long oldest = tick - Math.max(LiveRow.TICKS, FORGET_AFTER.dividedBy(nominal()));
        summary.forgetBefore(oldest);
        detail.forgetBefore(oldest);
        if (explanation != null) {
            explanation.interval(interval);
        }
        interval.slow().forEach(event -> notice(Notice.of(event)));
        alarms.add(interval.regressions());
        alarms.forgetWithout(summary);
        interval.regressions().forEach(flag -> addFirst(flags, MOST_FLAGS, Notice.of(flag)));
    }

    /** Explains a container from now on, or none. */
    void explain(@Nullable Container container) {
        explanation = container == null ? null : new LiveExplanation(start, now, container);
    }

    @Nullable
    LiveExplanation explanation() {
        return explanation;
    }

    private void detail(List<Row> rows) {
        Map<RowKey, Long> wholes = new HashMap<>();
        for (Row row : rows) {
            if (row.key().stage() == Stage.TOTAL) {
                wholes.put(row.key(), row.sumNs());
            }
        }
        for (Row row : rows) {
            long whole = row.key().isPhase() ? wholes.getOrDefault(row.key().at(Stage.TOTAL), 0L) : 0;
            detail.put(StagedRow.part(row, whole), tick);
        }
    }

    /** What the word of the regression detector is worth at the moment. */
    void judging(Judge.State state) {
        judging = state;
    }

    void notice(Notice notice) {
        addFirst(notices, MOST_NOTICES, notice);
    }

    private static void addFirst(Deque<Notice> notices, int most, Notice notice) {
        notices.addFirst(notice);
        if (notices.size() > most) {
            notices.removeLast();
        }
    }

    private void count(Interval interval) {
        long before = operations;
        for (SeriesInterval series : interval.series()) {
            if (series.key().stage() == Stage.TOTAL) {
                operations += series.count();
                unattributed += hasOwner(series.key().container()) ? 0 : series.count();
            }
        }
        operationsPerSecond = (operations - before) / seconds;
        lost = lost.plus(interval.lost());
    }

    private static boolean hasOwner(Container container) {
        return switch (container.type()) {
            case CONTAINER, HOST -> true;
            case UNKNOWN, UNATTRIBUTED -> false;
        };
    }

    private void cost(AgentUsage used) {
        if (!usage.equals(AgentUsage.NONE)) {
            cpuShare = used.cpu().minus(usage.cpu()).toNanos() / 1e9 / seconds;
        }
        usage = used;
    }

    private Duration nominal() {
        return start.interval().isPositive() ? start.interval() : Duration.ofSeconds(1);
    }

    RunStart start() {
        return start;
    }

    /** Container × operation. */
    LiveRows summary() {
        return summary;
    }

    /** Everything apart that the kernel keeps apart, but the cgroups of one container. */
    List<LiveRow> detail(Container container) {
        return detail.all().stream()
                .filter(row -> row.key().container().equals(container))
                .toList();
    }

    /** Newest first, of everyone or of one container; up to half of them are flags, or more if there is room. */
    List<Notice> notices(@Nullable Container container, int most) {
        List<Notice> slow = of(container, most, notices);
        List<Notice> flagged = of(container, most, flags);
        int room = Math.min(flagged.size(), Math.max((most + 1) / 2, most - slow.size()));
        return Stream.concat(flagged.stream().limit(room), slow.stream().limit(most - room))
                .sorted(Comparator.comparing(Notice::time).reversed())
                .toList();
    }

    private static List<Notice> of(@Nullable Container container, int most, Deque<Notice> notices) {
        return notices.stream()
                .filter(notice -> container == null || Objects.equals(notice.container(), container))
                .limit(most)
                .toList();
    }

    LiveAlarms alarms() {
        return alarms;
    }

    Judge.State judging() {
        return judging;
    }

    /** Counts intervals from 0; -1 before the first. */
    long tick() {
        return tick;
    }

    /** The length of the latest interval. */
    double seconds() {
        return seconds;
    }

    Duration elapsed() {
        return Duration.between(start.time(), now);
    }

    long operations() {
        return operations;
    }

    long unattributed() {
        return unattributed;
    }

    double operationsPerSecond() {
        return operationsPerSecond;
    }

    /** Since the start. */
    Losses lost() {
        return lost;
    }

    /** Of one CPU, over the latest interval. */
    double cpuShare() {
        return cpuShare;
    }

    long rssBytes() {
        return usage.rssBytes();
    }
}
