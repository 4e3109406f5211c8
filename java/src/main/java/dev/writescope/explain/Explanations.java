package dev.writescope.explain;

import java.util.List;

/**
 * What can be said of a window.
 *
 * @param notes one for each that waits, the worst first
 * @param more that would have one as well
 */
public record Explanations(List<Explanation> notes, int more, Observation observed) {
    public Explanations {
        notes = List.copyOf(notes);
    }

    /** Whether there was too little to say anything, good or bad. */
    public boolean isTooLittle() {
        return notes.stream().allMatch(note -> note.verdict() == Explanation.Verdict.TOO_LITTLE);
    }
}
