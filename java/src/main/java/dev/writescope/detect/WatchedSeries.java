package dev.writescope.detect;

import dev.writescope.detect.BaselineBuilder.Excluded;
import dev.writescope.latency.Regression.State;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One series from its first tick on: learns, judges, alarms, recovers. Seconds are of the run's own clock. */
final class WatchedSeries {
    private static final long REBUILD_SECONDS = 300;
    private static final long YOUNG_REBUILD_SECONDS = 60;
    private static final long YOUNG_SECONDS = 600;
    /** The newest seconds are not learned from: a regression that begins must not become normal. */
    private static final long GUARD_SECONDS = 300;

    private static final long WINDOW_SECONDS = 3600;
    private static final long LONGEST_SECONDS = 6 * 3600;
    /** Until there are as many, the baseline reaches further back. */
    private static final long ENOUGH_SAMPLES = 10_000;

    private static final long HOLD_SECONDS = 30;
    private static final double RECOVERY_NATS = 4.6;
    private static final long ACCEPT_SECONDS = 1800;
    /** Of a longer silence so much counts: who is silent is not worse all the while. */
    private static final long SILENCE_SECONDS = 60;
    /** How often the memory for the past is looked at. */
    private static final long TIDY_SECONDS = 64;

    private final SeriesName name;
    private final TickCounts tick = new TickCounts();
    private final History history = new History();
    private final List<Excluded> excluded = new ArrayList<>();
    private final Map<Level, Evidence> evidence = new EnumMap<>(Level.class);
    private final long born;
    private final int spread;
    private long lastSamples;
    private long nextBuild;
    private long nextTidying;
    private boolean judged;
    private @Nullable Alarm alarm;

    /** What is being said about the series. */
    private static final class Alarm {
        final Level level;
        final Evidence evidence;
        final long raised;
        final long since;
        long worseSeconds;
        double forNull;
        long betterSince;

        Alarm(Level level, Evidence evidence, long raised) {
            this.level = level;
            this.evidence = evidence;
            this.raised = raised;
            this.since = evidence.since();
            this.betterSince = raised;
        }
    }

    /** Something to say: the state, the level it is about, and when it began. */
    record Finding(State state, Level level, long baselineNs, long currentNs, long since) {}

    WatchedSeries(SeriesName name, long second, long warmUpSeconds) {
        this.name = name;
        this.born = second;
        this.lastSamples = second;
        this.nextBuild = second + warmUpSeconds;
        // Spread over time, so that series that began together are not always due together.
        this.spread = name.label().hashCode();
        this.nextTidying = second + Math.floorMod(spread, TIDY_SECONDS);
    }

    SeriesName name() {
        return name;
    }

    TickCounts tick() {
        return tick;
    }

    /** Whether a baseline is there. */
    boolean judged() {
        return judged;
    }

    long bytes() {
        return history.bytes();
    }

    long lastSamples() {
        return lastSamples;
    }

    /** Whether the baseline is old. */
    boolean due(long second) {
        return second >= nextBuild && alarm == null;
    }

    /** Whether nothing speaks for an alarm now: a regression that begins must not become normal. */
    boolean calm(double logAlarm) {
        double suspicion = Math.exp(logAlarm / 2);
        return evidence.values().stream().noneMatch(each -> each.value() > suspicion);
    }

    /** Learns anew. */
    void build(BaselineBuilder builder, long second, long warmUpSeconds, double tickSeconds, double logAlarm) {
        long age = second - born;
        history.forgetBefore(second - GUARD_SECONDS - WINDOW_SECONDS, ENOUGH_SAMPLES);
        history.forgetBefore(second - LONGEST_SECONDS, 0);
        long from = Math.max(born, history.start(second));
        long guard = Math.clamp((second - from - warmUpSeconds) / 2, 0, GUARD_SECONDS);
        excluded.removeIf(stretch -> stretch.to() <= from);
        Map<Level, Tail> tails = builder.build(history, from, second - guard, excluded, tickSeconds, logAlarm);
        judged |= !tails.isEmpty();
        tails.forEach((level, tail) -> {
            Evidence newer = new Evidence(level, tail, logAlarm);
            Evidence older = evidence.put(level, newer);
            if (older != null) {
                newer.continueFrom(older);
            }
        });
        long period = age < YOUNG_SECONDS ? YOUNG_REBUILD_SECONDS : REBUILD_SECONDS;
        nextBuild = second + period - Math.floorMod(spread, period / 5);
    }

    /** Ends a tick that does not count: events were lost in it. */
    void drop() {
        tick.clear();
    }

    /**
     * Ends a tick with samples.
     *
     * @param second when it began
     * @param seconds how long it was
     * @param allowance bytes that the past may take
     * @return what there is to say now, almost always nothing
     */
    @Nullable
    Finding judge(long second, double seconds, double logAlarm, long allowance) {
        history.add(second, tick);
        long sinceLast = Math.min(second - lastSamples, Math.max(SILENCE_SECONDS, (long) Math.ceil(seconds)));
        lastSamples = second;
        Alarm raised = alarm;
        Finding finding =
                raised == null ? watch(second, seconds, logAlarm) : follow(raised, second, sinceLast, logAlarm);
        if (second >= nextTidying) {
            nextTidying = second + TIDY_SECONDS;
            history.shrinkTo(allowance);
        }
        tick.clear();
        return finding;
    }

    private @Nullable Finding watch(long second, double seconds, double logAlarm) {
        Level strongest = null;
        double most = Math.exp(logAlarm);
        for (Map.Entry<Level, Evidence> each : evidence.entrySet()) {
            int exceeding = tick.from(each.getValue().tail().threshold());
            double value = each.getValue().add(second, seconds, tick.total(), exceeding, logAlarm);
            if (value >= most) {
                most = value;
                strongest = each.getKey();
            }
        }
        Evidence strong = strongest == null ? null : evidence.get(strongest);
        if (strongest == null || strong == null) {
            return null;
        }
        Alarm raised = new Alarm(strongest, strong, second);
        alarm = raised;
        return finding(State.ALARM, raised, raised.since, second);
    }

    private @Nullable Finding follow(Alarm raised, long second, long sinceLast, double logAlarm) {
        raised.worseSeconds += sinceLast;
        if (raised.worseSeconds >= ACCEPT_SECONDS) {
            Finding accepted = finding(State.ACCEPTED, raised, raised.since, second);
            excluded.add(new Excluded(Long.MIN_VALUE, raised.since));
            endAlarm(logAlarm);
            return accepted;
        }
        if (second < raised.raised + HOLD_SECONDS) {
            return null;
        }
        if (raised.forNull <= 0) {
            raised.betterSince = second;
        }
        int exceeding = tick.from(raised.evidence.tail().threshold());
        raised.forNull = Math.max(0, raised.forNull + raised.evidence.forNull(tick.total(), exceeding));
        if (raised.forNull < RECOVERY_NATS) {
            return null;
        }
        Finding recovered = finding(State.RECOVERED, raised, raised.betterSince, second);
        excluded.add(new Excluded(raised.since, raised.betterSince));
        endAlarm(logAlarm);
        return recovered;
    }

    private void endAlarm(double logAlarm) {
        alarm = null;
        nextBuild = lastSamples;
        evidence.values().forEach(each -> each.reset(logAlarm));
    }

    private Finding finding(State state, Alarm raised, long currentFrom, long second) {
        long[] merged = new long[TickCounts.SIZE];
        long[] total = {0};
        history.forEach(currentFrom, second + 1, (_, _, size, buckets, counts) -> {
            for (int i = 0; i < size; i++) {
                merged[buckets[i]] += counts[i];
                total[0] += counts[i];
            }
        });
        return new Finding(
                state,
                raised.level,
                raised.evidence.tail().quantileNs(),
                BaselineBuilder.quantile(merged, total[0], raised.level.quantile),
                raised.since);
    }
}
