package dev.writescope.cli;

import dev.writescope.container.CommandCgroup;
import dev.writescope.container.ContainedCommand;
import dev.writescope.container.HostPaths;
import dev.writescope.gate.CommandTracer;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Judge;
import dev.writescope.latency.TraceRun;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jline.utils.Signals;

/**
 * Runs a gate's commands, each time in a cgroup of its own, in which nothing is left afterwards. While none runs, a
 * signal interrupts the thread of the gate.
 */
final class GateTracer implements CommandTracer {
    private final TraceChoices choices;
    private final Set<String> limits = new LinkedHashSet<>();

    GateTracer(TraceChoices choices) {
        this.choices = choices;
    }

    /** From now on a signal interrupts this thread. */
    void interruptOnSignals() {
        Thread gate = Thread.currentThread();
        for (String signal : TraceSession.SIGNALS) {
            Signals.register(signal, gate::interrupt);
        }
    }

    /** On a thread of its own: the one that drains runs before others, which a later command should not inherit. */
    @Override
    public int trace(String name, List<String> command, Duration interval, IntervalSink sink)
            throws IOException, InterruptedException {
        choices.interval = interval;
        FutureTask<Integer> run = new FutureTask<>(() -> run(name, command, sink));
        Thread.ofPlatform().name("gate-run").start(run);
        try {
            return run.get();
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case IOException io -> throw io;
                case InterruptedException asked -> throw asked;
                case UsageException usage -> throw new IOException(usage.getMessage(), usage);
                case null, default -> throw new IOException(failure.getMessage(), failure);
            }
        } finally {
            interruptOnSignals();
        }
    }

    private int run(String name, List<String> command, IntervalSink sink)
            throws IOException, UsageException, InterruptedException {
        try (CommandCgroup cgroup = CommandCgroup.create(HostPaths.ofEnvironment(), name);
                ContainedCommand contained =
                        new ContainedCommand(command, cgroup, ContainedCommand.Streams.ERROR_ONLY)) {
            cgroup.limits().stream().filter(limits::add).forEach(Outputs::say);
            TraceSession session = new TraceSession(choices, contained);
            try {
                List<TraceRun.SinkFailure> failures = session.trace(List.of(sink), Judge.NONE);
                if (!failures.isEmpty()) {
                    throw failures.getFirst().cause();
                }
            } finally {
                cgroup.kill();
            }
            if (session.signalled()) {
                throw new InterruptedException();
            }
            return contained.await();
        }
    }
}
