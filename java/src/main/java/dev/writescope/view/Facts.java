package dev.writescope.view;

import dev.writescope.compare.RecordingFacts;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What a recording is, in words; names in them are as they were recorded. */
final class Facts {
    private Facts() {}

    /** {@code 2026-11-24 12:00:00Z, 15.0 s}. */
    static String when(RecordingFacts facts) {
        return facts.start().time().truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ') + ", "
                + Figures.three(facts.duration().toNanos() / 1e9) + " s";
    }

    /** {@code 10007 operations on node-7, Linux 6.12; cut short}. */
    static String what(RecordingFacts facts) {
        List<String> parts = new ArrayList<>();
        parts.add(facts.events() + " operations on " + facts.start().host() + ", Linux "
                + facts.start().kernel());
        if (facts.lost().total() > 0) {
            parts.add(facts.lost().total() + " lost");
        }
        if (facts.truncated()) {
            parts.add("cut short");
        }
        return String.join("; ", parts);
    }
}
