package dev.writescope.explain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What speaks for a cause and against it, while it is weighed: each doubt lowers the confidence by one step. */
final class Belief {
    private final List<String> evidence = new ArrayList<>();
    private final List<String> doubts = new ArrayList<>();

    Belief because(String reason) {
        evidence.add(reason);
        return this;
    }

    Belief because(boolean holds, String reason) {
        return holds ? because(reason) : this;
    }

    Belief but(String doubt) {
        doubts.add(doubt);
        return this;
    }

    Belief but(boolean holds, String doubt) {
        return holds ? but(doubt) : this;
    }

    /** For a reason if it holds, else a doubt. */
    Belief weigh(boolean holds, String reason, String doubt) {
        return holds ? because(reason) : but(doubt);
    }

    List<String> evidence() {
        return List.copyOf(evidence);
    }

    List<String> doubts() {
        return List.copyOf(doubts);
    }

    /** Null when too much speaks against it. */
    @Nullable
    Confidence confidence() {
        Confidence[] steps = Confidence.values();
        return doubts.size() < steps.length ? steps[doubts.size()] : null;
    }
}
