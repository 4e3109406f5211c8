package dev.writescope.latency;

import dev.writescope.probe.Losses;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Everything that happened between two ticks of the interval clock. Immutable; its histograms may be used by
 * sinks only until {@link IntervalSink#interval} returns.
 *
 * @param duration measured, not nominal: longer than asked for when the machine was busy
 * @param series those with at least one operation
 * @param lost events lost in this interval
 * @param regressions what became evident with it
 * @param shares who held what was waited for; only where that was asked for
 * @param activity what each process did, the busiest; only where that was asked for
 */
public record Interval(
        Instant start,
        Duration duration,
        List<SeriesInterval> series,
        List<SlowEvent> slow,
        Losses lost,
        List<Regression> regressions,
        List<Share> shares,
        List<Activity> activity) {
    /** One that was not judged. */
    public Interval(Instant start, Duration duration, List<SeriesInterval> series, List<SlowEvent> slow, Losses lost) {
        this(start, duration, series, slow, lost, List.of());
    }

    /** One without shares and activity. */
    public Interval(
            Instant start,
            Duration duration,
            List<SeriesInterval> series,
            List<SlowEvent> slow,
            Losses lost,
            List<Regression> regressions) {
        this(start, duration, series, slow, lost, regressions, List.of(), List.of());
    }

    /** When it ended. */
    public Instant end() {
        return start.plus(duration);
    }

    /** The same with what a judge found in it, in place of earlier findings. */
    public Interval judgedBy(Judge judge) {
        return new Interval(start, duration, series, slow, lost, judge.judge(this), shares, activity);
    }

    /** The same with what each process did. */
    Interval with(List<Activity> done) {
        return new Interval(start, duration, series, slow, lost, regressions, shares, done);
    }
}
