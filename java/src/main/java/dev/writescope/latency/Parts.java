package dev.writescope.latency;

import dev.writescope.probe.Stage;
import java.util.Arrays;

/** How long one operation was in each stage. Used again for the next. */
final class Parts {
    private static final int STAGES = Stage.values().length;

    private final long[] ns = new long[STAGES];

    void clear() {
        Arrays.fill(ns, 0);
    }

    void add(Stage stage, long more) {
        ns[stage.code()] += more;
    }

    long of(Stage stage) {
        return ns[stage.code()];
    }

    /** By {@link Stage#code}. */
    long of(int stage) {
        return ns[stage];
    }

    static int stages() {
        return STAGES;
    }
}
