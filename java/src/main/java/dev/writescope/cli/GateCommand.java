package dev.writescope.cli;

import dev.writescope.container.ContainedCommand;
import dev.writescope.gate.Gate;
import dev.writescope.gate.GateResult;
import dev.writescope.gate.GateRules;
import dev.writescope.gate.Plan;
import dev.writescope.probe.TraceOptions;
import dev.writescope.recording.OutputFile;
import dev.writescope.view.GateText;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "gate",
        description = {
            "Says in CI whether COMMAND's fsyncs and writes got slower: runs it several times, each time in a cgroup of"
                    + " its own, and compares with a baseline. Exit code 0 is green, 1 is red, 4 is no verdict.",
            "",
            "Red means that with 95 %% confidence a P99 got worse by more than --max-regression. Before each"
                    + " repetition the disk is settled; what a repetition leaves running is killed. COMMAND's output"
                    + " goes to standard error; if it fails there is no verdict."
        },
        footer = {
            "",
            "Examples:",
            "  writescope gate --baseline db.hlog --update-baseline -- make bench     make a baseline",
            "  writescope gate --baseline db.hlog -- make bench                       compare with it",
            "  writescope gate --baseline-command 'make -C ../main bench' --summary gate.md -- make bench",
            "",
            "Two jobs on different machines differ by far more than two commands that take turns on one:",
            "prefer --baseline-command where the old version can still be run."
        })
final class GateCommand implements Callable<Integer> {
    private static final List<Double> QUANTILES = List.of(0.5, 0.9, 0.95, 0.99, 0.999);
    private static final int DIGITS = 3;

    @ArgGroup(multiplicity = "1")
    Against against = new Against();

    /** With what to compare. */
    static final class Against {
        @Option(names = "--baseline", paramLabel = "FILE", description = "Compare with this recording.")
        @Nullable
        Path baseline;

        @Option(
                names = "--baseline-command",
                paramLabel = "CMD",
                description = "Compare with this line for a shell, which takes turns with COMMAND: CMD, COMMAND, CMD,"
                        + " COMMAND, …")
        @Nullable
        String command;
    }

    @Option(
            names = "--update-baseline",
            description = "Instead of comparing, make the file of --baseline anew from this run.")
    boolean update;

    @Option(
            names = "--max-regression",
            paramLabel = "PERCENT",
            defaultValue = "10%",
            converter = PercentConverter.class,
            description = "How much worse is tolerated. Default: 10%%.")
    double maxRegression = GateRules.DEFAULT_MAX_REGRESSION;

    @Option(
            names = "--quantile",
            split = ",",
            defaultValue = "99",
            paramLabel = "P",
            description = "What is judged: 50, 90, 95, 99, 99.9. Default: ${DEFAULT-VALUE}.")
    List<BigDecimal> quantiles = new ArrayList<>();

    @Option(
            names = "--op",
            split = ",",
            defaultValue = "fsync,write",
            paramLabel = "OP",
            description = "Operations that are judged: fsync, write, block. Default: ${DEFAULT-VALUE}.")
    List<String> operations = new ArrayList<>();

    @Option(
            names = {"-c", "--container"},
            paramLabel = "CONTAINER",
            description = "Judge this running container while COMMAND runs, in place of COMMAND; as in trace.")
    List<String> containers = new ArrayList<>();

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "11",
            description = "Repetitions that count, 6 to 1000. Default: ${DEFAULT-VALUE}.")
    int repetitions;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "1",
            description = "Repetitions before those, 0 to 1000. Default: ${DEFAULT-VALUE}.")
    int warmUps;

    @Option(
            names = "--summary",
            paramLabel = "FILE",
            description = "Write the verdict here too: .json JSON, .xml JUnit, any other name Markdown, which is"
                    + " appended as $GITHUB_STEP_SUMMARY needs it; may be repeated.")
    List<Path> summaries = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Keep the recording of COMMAND.")
    @Nullable
    Path output;

    @Option(
            names = "--canary-dir",
            paramLabel = "DIR",
            defaultValue = "",
            description = "On the disk that matters: a few fsyncs there, before and after, say whether it is well."
                    + " Default: the working directory.")
    Path canaryDirectory = Path.of("");

    @Option(
            names = "--ring-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "As in trace, for hosts where events are lost.")
    int ringBytes = TraceOptions.DEFAULT_RING_BYTES;

    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "What to run, with its arguments.")
    List<String> command = new ArrayList<>();

    @Override
    public Integer call() throws IOException, UsageException {
        Plan plan = plan();
        TraceChoices choices = choices();
        choices.check();
        GateSummary summary = new GateSummary(summaries);
        summary.check();
        if (output != null) {
            OutputFile.check(output);
        }
        GateTracer tracer = new GateTracer(choices);
        tracer.interruptOnSignals();
        GateResult result;
        try {
            result = new Gate(plan, tracer, choices.choosesContainers(), Outputs::say).run();
        } catch (InterruptedException asked) {
            result = GateResult.noVerdict("interrupted");
        }
        GateText.write(result, Outputs.standard());
        summary.write(result);
        return switch (result.outcome()) {
            case GREEN -> ExitCode.FINE;
            case RED -> ExitCode.REGRESSION;
            case NO_VERDICT -> ExitCode.NO_VERDICT;
        };
    }

    private TraceChoices choices() {
        TraceChoices choices = new TraceChoices();
        choices.operations = operations;
        choices.containers = containers;
        choices.digits = DIGITS;
        choices.ringBytes = ringBytes;
        return choices;
    }

    private Plan plan() throws UsageException, IOException {
        if (repetitions < 6 || repetitions > 1000 || warmUps < 0 || warmUps > 1000) {
            throw new UsageException("--repeat is from 6 to 1000, --warm-up from 0 to 1000");
        }
        ContainedCommand.requireProgram(command.getFirst());
        GateRules rules = new GateRules(maxRegression, judged(), repetitions, warmUps);
        return new Plan(command, against(), rules, canaryDirectory.toAbsolutePath(), output);
    }

    private Plan.Against against() throws UsageException {
        if (against.command != null) {
            if (update) {
                throw new UsageException("--update-baseline needs --baseline FILE, the file to make");
            }
            return new Plan.Against.Command(against.command);
        }
        Path file = against.baseline == null ? Path.of("") : against.baseline;
        if (update) {
            return new Plan.Against.Nothing(file);
        }
        if (!Files.exists(file)) {
            throw new UsageException(
                    "there is no baseline " + file + " yet: make it with the same command and --update-baseline");
        }
        return new Plan.Against.Recording(file);
    }

    private List<Double> judged() throws UsageException {
        Set<Double> judged = new LinkedHashSet<>();
        for (BigDecimal percent : quantiles) {
            double quantile = percent.movePointLeft(2).doubleValue();
            if (!QUANTILES.contains(quantile)) {
                throw new UsageException("--quantile is one or more of 50, 90, 95, 99, 99.9");
            }
            judged.add(quantile);
        }
        return List.copyOf(judged);
    }
}
