package dev.writescope.cli;

import dev.writescope.export.RegressionCommand;
import dev.writescope.latency.IntervalSink;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to do when a latency has got worse. */
final class RegressionChoices {
    @Option(
            names = "--on-regression",
            paramLabel = "CMD",
            description =
                    "Run this shell command for each regression flag, with the facts in WRITESCOPE_STATE (alarm,"
                            + " recovered, accepted), _TIME, _CONTAINER, _CONTAINER_ID, _NAMESPACE, _POD, _OPERATION, _KIND, _MOUNT,"
                            + " _QUANTILE, _BASELINE_NS, _CURRENT_NS, _RATIO and _SINCE. Its output goes to standard error, or"
                            + " nowhere if the live view is on that terminal. Killed after a minute, and 5 s after the run's end.")
    @Nullable
    String command;

    /** @throws UsageException if nothing would ever run */
    void check(DetectChoices detect) throws UsageException {
        if (command != null && command.isBlank()) {
            throw new UsageException("--on-regression needs a command");
        }
        if (command != null && detect.budget == 0) {
            throw new UsageException("--on-regression never runs with --detect-budget off");
        }
    }

    /**
     * Adds what runs the command, if there is one, after the others.
     *
     * @param live whether a view draws on standard output
     */
    void addTo(List<IntervalSink> sinks, boolean live) {
        if (command != null) {
            sinks.add(new RegressionCommand(command, System.err, live && Outputs.isErrorTerminal()));
        }
    }
}
