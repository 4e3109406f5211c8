package dev.writescope.detect;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Judge;
import dev.writescope.latency.Regression;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Flags latencies that have got worse. Per series and level it counts how many samples exceed a threshold a quarter above
 * the level's quantile, and collects {@link Evidence} that they have become more; how much such counts vary while nothing
 * is wrong it learns from the series itself ({@link BaselineBuilder}), which is what keeps journal commits, bursts and
 * load states from raising alarms.
 *
 * <p>Its only clock are the durations of the intervals, so a replay finds what was found live. Intervals shorter than a
 * second are judged together. Not judged: requests without an owner, intervals in which events of the operation were
 * lost, and what is not a change for the worse.
 */
public final class Detector implements Judge {
    private static final double SHORTEST_TICK_SECONDS = 0.9;
    private static final long FORGET_AFTER_SECONDS = 3600;
    private static final long FORGET_CROWD_AFTER_SECONDS = 60;
    /** For what all series were like; each may use an equal share. */
    private static final long MOST_BYTES = 64 << 20;

    static final int MOST_SERIES = 20_000;
    /** Baselines made per tick: a few and a share of the series, so that no tick takes long. */
    private static final int BUILDS_PER_TICK = 16;

    private static final int BUILDS_SHARE = 30;
    /**
     * Days between two false alarms of a level in a container that has one series and a budget of one a day. An alarm at A
     * comes by chance every A seconds at most if the model holds ({@link Evidence}); levels and series add up, so
     *
     * <pre>A = 86 400 s × 4 levels × 2.5 × series judged in the container / budget</pre>
     *
     * where 2.5 is for what real series do that the model does not know, as measured.
     */
    private static final double DAYS = Level.ALL.length * 2.5;

    /** A is never less, so that a huge budget still needs some evidence. */
    private static final double SHORTEST_SECONDS = 600;

    private static final double DAY_SECONDS = 86_400;

    private final DetectorSettings settings;
    private final long mostBytes;
    private final BaselineBuilder builder = new BaselineBuilder();
    private final Map<SeriesName, WatchedSeries> series = new LinkedHashMap<>();
    private final Map<Container, Integer> judgedOf = new HashMap<>();
    private final List<WatchedSeries> inTick = new ArrayList<>();
    private final Set<Operation> lost = EnumSet.noneOf(Operation.class);
    private double clock;
    private double tickSeconds;
    private boolean watching;

    public Detector(DetectorSettings settings) {
        this(settings, MOST_BYTES);
    }

    /** @param mostBytes about how much of the heap may go to what all series were like */
    Detector(DetectorSettings settings, long mostBytes) {
        this.settings = settings;
        this.mostBytes = mostBytes;
    }

    @Override
    public State state() {
        return watching ? State.WATCHING : State.LEARNING;
    }

    @Override
    public List<Regression> judge(Interval interval) {
        for (SeriesInterval each : interval.series()) {
            take(each);
        }
        note(interval.lost());
        tickSeconds += interval.duration().toNanos() / 1e9;
        return tickSeconds < SHORTEST_TICK_SECONDS ? List.of() : endTick(interval.end());
    }

    private void take(SeriesInterval each) {
        if (each.count() == 0 // parts of requests that have not ended
                || each.key().stage() != Stage.TOTAL
                || each.key().container().type() == Container.Type.UNATTRIBUTED) {
            return;
        }
        SeriesName name = SeriesName.of(each.key(), settings.perMount());
        WatchedSeries known = series.get(name);
        if (known == null) {
            if (series.size() >= MOST_SERIES) {
                return;
            }
            known = new WatchedSeries(name, second(), settings.warmUp().toSeconds());
            series.put(name, known);
        }
        if (known.tick().total() == 0) {
            inTick.add(known);
        }
        each.latencies().forEach(known.tick());
    }

    private void note(Losses losses) {
        note(Operation.FSYNC, losses.fsync());
        note(Operation.WRITE, losses.write());
        note(Operation.BLOCK, losses.block());
    }

    private void note(Operation operation, long events) {
        if (events > 0) {
            lost.add(operation);
        }
    }

    /** When the tick began. */
    private long second() {
        return (long) clock;
    }

    private List<Regression> endTick(Instant end) {
        List<Regression> found = new ArrayList<>();
        long allowance = mostBytes / Math.max(1, series.size());
        for (WatchedSeries each : inTick) {
            if (lost.contains(each.name().operation())) {
                each.drop();
                continue;
            }
            WatchedSeries.Finding finding = each.judge(second(), tickSeconds, logAlarm(each), allowance);
            if (finding != null) {
                found.add(regression(each.name(), finding, end));
            }
        }
        inTick.clear();
        lost.clear();
        clock += tickSeconds;
        learn();
        tickSeconds = 0;
        return found;
    }

    private Regression regression(SeriesName name, WatchedSeries.Finding finding, Instant end) {
        double ago = clock + tickSeconds - finding.since();
        return new Regression(
                end,
                name.container(),
                name.operation(),
                name.kind(),
                name.mount(),
                finding.level().quantile,
                finding.baselineNs(),
                finding.currentNs(),
                end.minusNanos((long) (ago * 1e9)),
                finding.state());
    }

    /** The logarithm of the evidence for an alarm: the budget of a container is shared by its series. */
    private double logAlarm(WatchedSeries each) {
        int judged = Math.max(1, judgedOf.getOrDefault(each.name().container(), 1));
        return Math.log(Math.max(DAYS * DAY_SECONDS * judged / settings.budget(), SHORTEST_SECONDS));
    }

    private void learn() {
        long now = second();
        int left = BUILDS_PER_TICK + series.size() / BUILDS_SHARE;
        List<WatchedSeries> gone = new ArrayList<>();
        for (WatchedSeries each : series.values()) {
            if (now - each.lastSamples() > patience(each)) {
                gone.add(each);
            } else if (left > 0 && each.due(now) && each.calm(logAlarm(each))) {
                left--;
                boolean before = each.judged();
                each.build(builder, now, settings.warmUp().toSeconds(), tickSeconds, logAlarm(each));
                if (each.judged() && !before) {
                    judgedOf.merge(each.name().container(), 1, Integer::sum);
                    watching = true;
                }
            }
        }
        gone.forEach(this::forget);
    }

    /** How long a series may be silent: where containers come and go in crowds they leave room for those that stay. */
    private long patience(WatchedSeries each) {
        boolean crowd = series.size() > MOST_SERIES / 2 && !each.judged();
        return crowd ? FORGET_CROWD_AFTER_SECONDS : FORGET_AFTER_SECONDS;
    }

    private void forget(WatchedSeries gone) {
        series.remove(gone.name());
        if (gone.judged()) {
            judgedOf.computeIfPresent(gone.name().container(), (_, judged) -> judged > 1 ? judged - 1 : null);
        }
    }

    int seriesCount() {
        return series.size();
    }

    /** Memory for what the series were like, in bytes. */
    long historyBytes() {
        return series.values().stream().mapToLong(WatchedSeries::bytes).sum();
    }
}
