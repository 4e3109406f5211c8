package dev.writescope.cli;

import dev.writescope.container.Container;
import dev.writescope.container.ContainerDirectory;
import dev.writescope.container.HostPaths;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Selection;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Judge;
import dev.writescope.latency.Names;
import dev.writescope.latency.Rehearsal;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.TraceRun;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.HostException;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Tracer;
import dev.writescope.recording.RecordingWriter;
import dev.writescope.view.Grouping;
import dev.writescope.view.JsonLines;
import dev.writescope.view.LiveTerminal;
import dev.writescope.view.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Does what a trace does at its start, without attaching anything and without privileges: a distribution's AOT cache
 * keeps what it saw here. On a terminal the live view too.
 */
@Command(name = "rehearse", hidden = true, description = "Goes through the motions of a trace, for the AOT cache.")
final class RehearseCommand implements Callable<Integer> {
    @Mixin
    TraceChoices choices = new TraceChoices();

    @Mixin
    DetectChoices detect = new DetectChoices();

    @Override
    public Integer call() throws IOException, UsageException {
        Main.commandLine().parseArgs("trace", "-d", "1s", "-i", "1s", "--format", "json", "--op", "fsync");
        TraceSession session = new TraceSession(choices, null, null, null);
        try (ContainerDirectory containers = ContainerDirectory.open(HostPaths.ofEnvironment())) {
            session.stopOnSignals();
            for (Selection selection : session.select(containers)) {
                selection.listen(new Nobody());
            }
            Names names = TraceSession.namesOf(containers);
            loadIfPermitted(names);
            return Outputs.report(showAll(names));
        }
    }

    private static final class Nobody implements Selection.Listener {
        @Override
        public void appeared(IdSpace space, long cgroup, Container container) {}

        @Override
        public void gone(IdSpace space, long cgroup, Container container) {}
    }

    /** Without privileges the kernel refuses late, when most has been done. */
    private void loadIfPermitted(Names names) throws IOException, UsageException {
        var options = choices.traceOptions(null, true);
        try {
            new TraceRun(
                            choices.interval,
                            null,
                            choices.digits,
                            names,
                            List.of(),
                            Judge.NONE,
                            sink -> Tracer.load(options, sink))
                    .tracer()
                    .close();
        } catch (HostException expected) {
            Outputs.say("rehearsing without the kernel: " + expected.getMessage());
        }
    }

    private List<TraceRun.SinkFailure> showAll(Names names) throws IOException {
        Path recording = Files.createTempFile("writescope", ".hlog");
        List<IntervalSink> sinks = new ArrayList<>();
        Judge judge = detect.judge(false, Judge.NONE);
        try {
            sinks.add(new JsonLines(OutputStream.nullOutputStream(), new Grouping(Set.of())));
            sinks.add(new Table(OutputStream.nullOutputStream(), new Grouping(Set.of()), judge));
            sinks.add(RecordingWriter.open(recording));
            if (Outputs.isTerminal()) {
                sinks.add(new LiveTerminal(new Grouping(Set.of()), judge, () -> {}));
            }
            return Rehearsal.run(start(), names, sinks, judge, dev.writescope.probe.Rehearsal::send);
        } finally {
            for (IntervalSink sink : sinks) {
                sink.close();
            }
            Files.deleteIfExists(recording);
        }
    }

    private RunStart start() {
        return new RunStart(
                Instant.now(),
                Main.version(),
                "localhost",
                "0",
                "",
                "v2",
                choices.interval,
                choices.digits,
                List.of("db"),
                List.of(new Coverage(Operation.FSYNC, "tp_btf", List.of("io_uring fsync"))));
    }
}
