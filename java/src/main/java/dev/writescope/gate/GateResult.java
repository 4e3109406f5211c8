package dev.writescope.gate;

import java.util.List;

/**
 * What the gate says.
 *
 * @param sentence why, on one line
 * @param judgements every latency that both arms have; empty when it did not come to a comparison
 * @param notes what else a reader should know: what was not judged, and why
 */
public record GateResult(Outcome outcome, String sentence, List<Judgement> judgements, List<String> notes) {
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
        return new GateResult(Outcome.NO_VERDICT, reason, List.of(), List.of());
    }

    /** "red: fsync P99 +38 % (at least +21 %)" */
    public String headline() {
        return outcome.label() + ": " + sentence;
    }
}
