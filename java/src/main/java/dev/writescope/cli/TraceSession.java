package dev.writescope.cli;

import dev.writescope.bpf.BpfException;
import dev.writescope.bpf.Capability;
import dev.writescope.container.ContainedCommand;
import dev.writescope.container.Container;
import dev.writescope.container.ContainerDirectory;
import dev.writescope.container.HostPaths;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Mount;
import dev.writescope.container.Selection;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Judge;
import dev.writescope.latency.Names;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.TraceRun;
import dev.writescope.probe.CgroupFilter;
import dev.writescope.probe.TraceOptions;
import dev.writescope.probe.Tracer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/** Wires a traced run together: containers, hooks, sinks, signals. */
final class TraceSession {
    static final List<String> SIGNALS = List.of("INT", "TERM", "HUP");

    private final TraceChoices choices;
    private final @Nullable Duration defaultSlow;
    private final @Nullable ContainedCommand command;
    private final @Nullable Preparation preparation;
    private volatile @Nullable TraceRun run;
    private volatile boolean stopped;
    private volatile boolean signalled;

    /** @param defaultSlow the limit for slow operations if the user gave none; null for no details */
    TraceSession(TraceChoices choices, @Nullable Duration defaultSlow) {
        this(choices, defaultSlow, null, null);
    }

    /**
     * A run without details of slow operations, unless the user asks for them.
     *
     * @param command the run begins and ends with it, and only it is traced unless the user chose something else
     */
    TraceSession(TraceChoices choices, @Nullable ContainedCommand command) {
        this(choices, null, command, null);
    }

    /** @param preparation not null: everything is traced, as neighbours explain what happens to the chosen */
    TraceSession(
            TraceChoices choices,
            @Nullable Duration defaultSlow,
            @Nullable ContainedCommand command,
            @Nullable Preparation preparation) {
        this.choices = choices;
        this.defaultSlow = defaultSlow;
        this.command = command;
        this.preparation = preparation;
    }

    /** What has to be read while everything still may be: told before the hooks are attached. */
    interface Preparation {
        /**
         * Reads what it needs.
         *
         * @param selections what the user chose; empty for all
         */
        void prepare(ContainerDirectory containers, List<Selection> selections);
    }

    /** Ends the run soon, with totals; from any thread. */
    void stop() {
        stopped = true;
        TraceRun running = run;
        if (running != null) {
            running.stop();
        }
    }

    /**
     * Traces until the time is up, a signal comes or {@link #stop}.
     *
     * @return the sinks that failed on the way, and the judge if it did
     */
    List<TraceRun.SinkFailure> trace(List<IntervalSink> sinks, Judge judge) throws IOException, UsageException {
        choices.check();
        boolean selects = choices.choosesContainers() || command != null;
        TraceOptions options = choices.traceOptions(defaultSlow, selects && preparation == null);
        try (ContainerDirectory containers = openContainers()) {
            List<Selection> selections = selects ? select(containers) : List.of();
            TraceRun prepared = new TraceRun(
                    choices.interval,
                    choices.duration,
                    choices.digits,
                    namesOf(containers),
                    sinks,
                    judge,
                    sink -> Tracer.load(options, sink));
            if (preparation == null) {
                Following following = new Following(prepared.tracer().filter());
                selections.forEach(selection -> selection.listen(following));
            } else {
                preparation.prepare(containers, selections);
            }
            run = prepared;
            stopOnSignals();
            if (stopped) {
                prepared.stop();
            }
            return prepared.run(tracer -> begin(tracer, containers, selections));
        }
    }

    /** Its thread reads files of all users and tells the kernel's filter: more it need not be able to. */
    private static ContainerDirectory openContainers() {
        return CompletableFuture.supplyAsync(
                        () -> {
                            Capability.keepOnly(Capability.BPF, Capability.DAC_READ_SEARCH, Capability.SYS_PTRACE);
                            return ContainerDirectory.open(HostPaths.ofEnvironment());
                        },
                        task -> Thread.ofPlatform().name("containers").start(task))
                .join();
    }

    /** Whether a signal asked for the end. */
    boolean signalled() {
        return signalled;
    }

    void stopOnSignals() {
        for (String signal : SIGNALS) {
            Signals.register(signal, () -> signalled(signal));
        }
    }

    private static String advice(Selection.Unmatched choice, ContainerDirectory containers) {
        if (!choice.nearest().isEmpty()) {
            return "did you mean " + shortened(choice.nearest()) + "?";
        }
        List<String> running =
                containers.containers().stream().map(Container::displayName).toList();
        return running.isEmpty() ? "no container is running" : "running are " + shortened(running);
    }

    private static String shortened(List<String> names) {
        return names.stream().limit(3).collect(Collectors.joining(", ")) + (names.size() > 3 ? ", …" : "");
    }

    /** A command may have its own idea of a signal: the run ends when it does. */
    private void signalled(String signal) {
        signalled = true;
        if (command == null) {
            stop();
        } else {
            command.signal(signal);
        }
    }

    List<Selection> select(ContainerDirectory containers) throws UsageException {
        if (command != null && !choices.choosesContainers()) {
            // Each hierarchy may have it at another path.
            return command.directories().stream()
                    .map(cgroup -> containers.select(List.of(), null, null, cgroup, null))
                    .toList();
        }
        Selection selection =
                containers.select(choices.containers, choices.pod, choices.namespace, choices.cgroup, choices.pid);
        if (!selection.unmatched().isEmpty()) {
            Selection.Unmatched first = selection.unmatched().getFirst();
            throw new UsageException("nothing here matches " + first.choice() + ": " + advice(first, containers));
        }
        return List.of(selection);
    }

    static Names namesOf(ContainerDirectory containers) {
        return new Names() {
            @Override
            public Container container(IdSpace space, long cgroup) {
                return containers.resolve(space, cgroup);
            }

            @Override
            public @Nullable Mount mount(IdSpace space, long cgroup, int mount) {
                return containers.mount(space, cgroup, mount);
            }
        };
    }

    /** Everything is attached: from now on nothing of a command is missed. */
    private RunStart begin(Tracer tracer, ContainerDirectory containers, List<Selection> selections) {
        if (command != null) {
            try {
                command.start(this::stop);
            } catch (IOException refused) {
                throw new UncheckedIOException(refused.getMessage(), refused);
            }
        }
        // The maps are still read, and the thread that drains has to come first.
        Set<Capability> kept = EnumSet.of(Capability.BPF, Capability.SYS_NICE);
        if (command != null) {
            // It may have to be killed, and its cgroup is in a directory without write permission.
            kept.addAll(Set.of(Capability.KILL, Capability.DAC_OVERRIDE));
        }
        Capability.keepOnly(kept.toArray(Capability[]::new));
        return describe(tracer, containers, selections);
    }

    private RunStart describe(Tracer tracer, ContainerDirectory containers, List<Selection> selections) {
        return new RunStart(
                Instant.now(),
                Main.version(),
                HostFacts.name(),
                HostFacts.kernel(),
                HostFacts.machine(),
                containers.cgroupMode(),
                choices.interval,
                choices.digits,
                preparation == null ? choices.containers : patterns(containers, selections),
                tracer.coverage());
    }

    /** Whom a recording of everything was made for, however they were chosen. */
    private List<String> patterns(ContainerDirectory containers, List<Selection> selections) {
        return choices.containers.isEmpty()
                ? chosen(containers, selections).stream()
                        .map(Container::displayName)
                        .toList()
                : choices.containers;
    }

    /** Who is selected now. */
    static List<Container> chosen(ContainerDirectory containers, List<Selection> selections) {
        return selections.stream()
                .flatMap(selection -> selection.ids(IdSpace.TASK).stream())
                .map(cgroup -> containers.resolve(IdSpace.TASK, cgroup))
                .distinct()
                .toList();
    }

    /** Keeps the kernel's filter up to date while containers come and go. */
    private static final class Following implements Selection.Listener {
        /** Those that went stay selected for a while: their last writeback is still to come. */
        private static final int REMEMBERED = 1024;

        private record Gone(IdSpace space, long cgroup) {}

        private final CgroupFilter filter;
        private final Deque<Gone> gone = new ArrayDeque<>();

        Following(CgroupFilter filter) {
            this.filter = filter;
        }

        @Override
        public synchronized void appeared(IdSpace space, long cgroup, Container container) {
            gone.remove(new Gone(space, cgroup));
            try {
                if (space == IdSpace.TASK) {
                    filter.addTasks(cgroup);
                } else {
                    filter.addBlocks(cgroup);
                    if (container.type() == Container.Type.UNATTRIBUTED) {
                        filter.addBlocks(0);
                    }
                }
            } catch (BpfException full) {
                Outputs.say("too many cgroups are selected; " + container.displayName() + " is not traced: "
                        + full.getMessage());
            }
        }

        @Override
        public synchronized void gone(IdSpace space, long cgroup, Container container) {
            gone.add(new Gone(space, cgroup));
            if (gone.size() > REMEMBERED) {
                Gone oldest = gone.remove();
                if (oldest.space() == IdSpace.TASK) {
                    filter.removeTasks(oldest.cgroup());
                } else {
                    filter.removeBlocks(oldest.cgroup());
                }
            }
        }
    }
}
