package dev.writescope.cli;

import dev.writescope.container.CommandCgroup;
import dev.writescope.container.ContainedCommand;
import dev.writescope.container.HostPaths;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Judge;
import dev.writescope.view.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "record",
        description = {
            "Records fsync, write and block latency to a file, quietly: until Ctrl-C, or for as long as COMMAND runs.",
            "",
            "COMMAND runs in a cgroup of its own, and only that is recorded unless -c or the like choose otherwise."
                    + " If COMMAND fails, its exit code is the one of writescope; else the codes below hold."
        },
        footer = {
            "",
            "Examples:",
            "  writescope record -o before.hlog -d 5m              everything, five minutes",
            "  writescope record -o before.hlog -c db              one container, until Ctrl-C",
            "  writescope record -o run.hlog -- make integration   one command",
            "  writescope record -o why.hlog -c db --explain -d 5m for explain --from why.hlog"
        })
final class RecordCommand implements Callable<Integer> {
    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "The recording; an earlier one of that name is replaced.")
    Path output = Path.of("");

    @Mixin
    TraceChoices choices = new TraceChoices();

    @Mixin
    DetectChoices detect = new DetectChoices();

    @Mixin
    RegressionChoices regressions = new RegressionChoices();

    @Mixin
    ExplainChoices explain = new ExplainChoices();

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "What to run and record, with its arguments.")
    List<String> command = new ArrayList<>();

    @Override
    public Integer call() throws IOException, UsageException {
        choices.check();
        detect.check();
        regressions.check(detect);
        explain.apply(choices, output);
        if (command.isEmpty()) {
            return record(null);
        }
        if (choices.duration != null) {
            throw new UsageException("either -d or COMMAND says when to stop: write -- timeout 30s COMMAND");
        }
        String name = String.valueOf(Path.of(command.getFirst()).getFileName());
        try (CommandCgroup cgroup = CommandCgroup.create(HostPaths.ofEnvironment(), name);
                ContainedCommand contained = new ContainedCommand(command, cgroup)) {
            cgroup.limits().forEach(Outputs::say);
            int recorded = record(contained);
            int ended = contained.await();
            return ended != 0 ? ended : recorded;
        }
    }

    private int record(@Nullable ContainedCommand contained) throws IOException, UsageException {
        try (HostEvidence evidence = new HostEvidence();
                Sinks sinks = new Sinks()) {
            TraceSession session = explain.explain
                    ? new TraceSession(choices, ExplainChoices.SLOW, contained, evidence::open)
                    : new TraceSession(choices, contained);
            sinks.all.add(explain.recording(output, evidence));
            List<IntervalSink> told = new ArrayList<>();
            told.add(new Progress(output, System.err, Outputs.isErrorTerminal()));
            regressions.addTo(told, false);
            sinks.all.addAll(explain.onlyChosen(told, choices, evidence));
            return Outputs.report(session.trace(sinks.all, detect.judge(false, Judge.NONE)));
        }
    }
}
