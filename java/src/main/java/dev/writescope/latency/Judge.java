package dev.writescope.latency;

import java.util.List;

/** Says of each interval, in order, which latencies have changed. Called from the sinks' thread, before the sinks. */
@FunctionalInterface
public interface Judge {
    /** How far its word can be relied on. */
    enum State {
        /** It judges nothing. */
        OFF,
        /** It has not seen enough yet to judge anything: that it says nothing means nothing. */
        LEARNING,
        /** It judges at least one latency. */
        WATCHING,
        /** It has failed and says nothing any more. */
        FAILED
    }

    /** Finds nothing. */
    Judge NONE = new Judge() {
        @Override
        public List<Regression> judge(Interval interval) {
            return List.of();
        }

        @Override
        public State state() {
            return State.OFF;
        }
    };

    /** Finds what was found when the interval was recorded. */
    Judge AS_RECORDED = Interval::regressions;

    /** The changes that became evident with this interval, in no order; almost always none. */
    List<Regression> judge(Interval interval);

    /** As of the latest interval; asked from the sinks' thread. */
    default State state() {
        return State.WATCHING;
    }
}
