package dev.writescope.gate;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to run and what to compare it with.
 *
 * @param candidate the command whose verdict is asked for
 * @param against what it is compared with
 * @param rules how much is measured, and what is red
 * @param canaryDirectory on the file system that matters
 * @param output where the candidate's recording is kept; null for nowhere
 */
public record Plan(
        List<String> candidate,
        Against against,
        GateRules rules,
        Path canaryDirectory,
        @Nullable Path output) {
    /** What a candidate is compared with. */
    public sealed interface Against {
        /** A recording from before. */
        record Recording(Path file) implements Against {}

        /** A command for a shell that takes turns with the candidate. */
        record Command(String line) implements Against {}

        /** Nothing: it becomes the baseline of later runs. */
        record Nothing(Path newBaseline) implements Against {}
    }
}
