package dev.writescope.latency;

import java.util.List;

/** Says of each interval, in order, which latencies have changed. Called from the sinks' thread, before the sinks. */
@FunctionalInterface
public interface Judge {
    /** Finds nothing. */
    Judge NONE = interval -> List.of();

    /** The changes that became evident with this interval, in no order; almost always none. */
    List<Regression> judge(Interval interval);
}
