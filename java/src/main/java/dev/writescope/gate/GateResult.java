package dev.writescope.gate;

import dev.writescope.compare.Comparison;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gate says.
 *
 * @param sentence why, on one line
 * @param judgements what the verdict rests on, the worst first
 * @param notes what else a reader should know: what was not judged, and why
 * @param comparison null when it did not come to one
 */
public record GateResult(
        Outcome outcome,
        String sentence,
        List<Judgement> judgements,
        List<String> notes,
        @Nullable Comparison comparison) {
    /** The colour of the build. */
    public enum Outcome {
        GREEN("green"),
        RED("red"),
        NO_VERDICT("no verdict");

        private final String label;

        Outcome(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    public GateResult {
        judgements = List.copyOf(judgements);
        notes = List.copyOf(notes);
    }

    /** Neither green nor red, without a comparison. */
    public static GateResult noVerdict(String reason) {
        return new GateResult(Outcome.NO_VERDICT, reason, List.of(), List.of(), null);
    }

    /** "red: fsync P99 +38 % (at least +21 %)" */
    public String headline() {
        return outcome.label() + ": " + sentence;
    }
}
