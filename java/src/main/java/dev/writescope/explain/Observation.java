package dev.writescope.explain;

import dev.writescope.evidence.Evidence;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.Share;
import dev.writescope.latency.SlowEvent;
import java.time.Duration;
import java.util.List;

/**
 * All that is known of a window, from a live run or a recording: what an explanation is made of.
 *
 * @param end its totals have every series: operations as a whole, and their parts as other stages
 * @param shares summed over the window
 * @param activity summed over the window, the busiest
 * @param slow the slowest operations, with their detail
 */
public record Observation(
        RunStart start,
        RunEnd end,
        List<Share> shares,
        List<Activity> activity,
        List<SlowEvent> slow,
        List<Regression> regressions,
        Evidence evidence) {
    public List<SeriesInterval> series() {
        return end.totals();
    }

    public Duration duration() {
        return end.duration();
    }
}
