package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.latency.Share;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sums a run up into an observation. Memory is bounded: of activity the busiest, of slow operations the slowest are kept.
 * One thread.
 */
public final class ObservationSink implements IntervalSink {
    static final int MOST_ACTIVITIES = 4096;
    static final int MOST_SLOW = 64;
    static final int MOST_REGRESSIONS = 1024;

    private record ShareKey(Share share) {
        static ShareKey of(Share share) {
            return new ShareKey(with(share, 0));
        }
    }

    private record ActivityKey(Container container, int pid, String comm, String file, Kind kind, Place place) {
        static ActivityKey of(Activity activity) {
            return new ActivityKey(
                    activity.container(),
                    activity.pid(),
                    activity.comm(),
                    activity.file(),
                    activity.kind(),
                    activity.place());
        }
    }

    private static final int MOST_MATTERING = 2 * Explainer.MOST_NOTES;

    private final EvidenceSource evidence;
    private final Predicate<SeriesKey> chosen;
    private final Map<ShareKey, Share> shares = new LinkedHashMap<>();
    private final Map<ActivityKey, Activity> activity = new LinkedHashMap<>();
    private final PriorityQueue<SlowEvent> slow = new PriorityQueue<>(Comparator.comparingLong(SlowEvent::latencyNs));
    private final List<Regression> regressions = new ArrayList<>();
    private @Nullable RunStart start;
    private @Nullable Observation observation;

    /** @param chosen who may be explained in the end */
    public ObservationSink(EvidenceSource evidence, Predicate<SeriesKey> chosen) {
        this.evidence = evidence;
        this.chosen = chosen;
    }

    @Override
    public void start(RunStart run) {
        start = run;
    }

    @Override
    public void interval(Interval interval) throws IOException {
        for (Share share : interval.shares()) {
            shares.merge(ShareKey.of(share), share, (sum, more) -> with(sum, sum.ns() + more.ns()));
        }
        for (Activity each : interval.activity()) {
            activity.merge(ActivityKey.of(each), each, ObservationSink::plus);
        }
        if (activity.size() > 2 * MOST_ACTIVITIES) {
            forgetIdle();
        }
        for (SlowEvent event : interval.slow()) {
            slow.add(event);
            if (slow.size() > MOST_SLOW) {
                slow.remove();
            }
        }
        regressions.addAll(interval.regressions());
        while (regressions.size() > MOST_REGRESSIONS) {
            regressions.removeFirst();
        }
        evidence.sample();
    }

    /** By time, and by bytes: a buffered write takes none, and is somebody else's wait. */
    private void forgetIdle() {
        List<Map.Entry<ActivityKey, Activity>> busiest = activity.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<ActivityKey, Activity> entry) -> weight(entry.getValue()))
                        .reversed())
                .limit(MOST_ACTIVITIES)
                .toList();
        activity.clear();
        busiest.forEach(entry -> activity.put(entry.getKey(), entry.getValue()));
    }

    /** A device writes some hundred bytes in a microsecond. */
    private static double weight(Activity activity) {
        return activity.totalNs() + 10.0 * activity.bytes();
    }

    @Override
    public void end(RunEnd end) throws IOException {
        RunStart run = start;
        if (run == null) {
            throw new IllegalStateException("it ends and has not started");
        }
        observation = new Observation(
                run,
                end,
                List.copyOf(shares.values()),
                List.copyOf(activity.values()),
                slow.stream()
                        .sorted(Comparator.comparingLong(SlowEvent::latencyNs).reversed())
                        .toList(),
                List.copyOf(regressions),
                evidence.finish(mattering(end, chosen)));
    }

    /** Those of the chosen who wait longest: more notes than that are never told. */
    public static List<Container> mattering(RunEnd end, Predicate<SeriesKey> chosen) {
        Map<Container, Long> waits = new LinkedHashMap<>();
        for (SeriesInterval series : end.totals()) {
            SeriesKey key = series.key();
            if (key.operation() != Operation.BLOCK && key.stage() == Stage.TOTAL && chosen.test(key)) {
                waits.merge(key.container(), series.sumNs(), Long::sum);
            }
        }
        return waits.entrySet().stream()
                .sorted(Map.Entry.<Container, Long>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .limit(MOST_MATTERING)
                .toList();
    }

    /** Everything of the run; null before its end. */
    public @Nullable Observation observation() {
        return observation;
    }

    @Override
    public void close() {}

    private static Share with(Share share, long ns) {
        return new Share(share.victim(), share.operation(), share.resource(), share.device(), share.culprit(), ns);
    }

    private static Activity plus(Activity sum, Activity more) {
        return new Activity(
                sum.container(),
                sum.pid(),
                sum.comm(),
                sum.file(),
                sum.kind(),
                sum.place(),
                sum.count() + more.count(),
                sum.bytes() + more.bytes(),
                sum.totalNs() + more.totalNs());
    }
}
