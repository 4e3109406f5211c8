package dev.writescope.cli;

import dev.writescope.probe.Backend;
import dev.writescope.probe.Operation;
import dev.writescope.probe.TraceOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to trace and for how long: the same options for every command that traces. */
final class TraceChoices {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @Option(
            names = {"-c", "--container"},
            paramLabel = "CONTAINER",
            description = "Trace only this container: name, namespace/pod/name, id prefix or glob; may be repeated."
                    + " Also 'host' and 'unattributed'.")
    List<String> containers = new ArrayList<>();

    @Option(names = "--pod", paramLabel = "P", description = "Trace only containers of this pod (name, UID or glob).")
    @Nullable
    String pod;

    @Option(names = "--namespace", paramLabel = "N", description = "Trace only this Kubernetes namespace.")
    @Nullable
    String namespace;

    @Option(names = "--cgroup", paramLabel = "PATH", description = "Trace only this cgroup and those below it.")
    @Nullable
    Path cgroup;

    @Option(names = "--pid", paramLabel = "PID", description = "Trace only the container of this process.")
    @Nullable
    Integer pid;

    @Option(
            names = "--op",
            split = ",",
            paramLabel = "OP",
            description = "Operations to trace: fsync, write, block. Default: all.")
    List<String> operations = new ArrayList<>();

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "DURATION",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "Length of an interval, 100ms to 10m. Default: ${DEFAULT-VALUE}.")
    Duration interval = Duration.ofSeconds(1);

    @Option(
            names = {"-d", "--duration"},
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Stop after this long. Default: at Ctrl-C (explain: after 30s).")
    @Nullable
    Duration duration;

    @Option(
            names = "--slow",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Report each operation that takes at least this long, with its process and file.")
    @Nullable
    Duration slow;

    @Option(
            names = "--digits",
            paramLabel = "2|3",
            defaultValue = "2",
            description = "Significant digits of latencies: 2 keeps errors under 1 %%, 3 under 0.1 %% for seven times"
                    + " the memory. Default: ${DEFAULT-VALUE}.")
    int digits;

    @Option(
            names = "--ring-size",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            description = "Size of each ring buffer, for hosts where events are lost: 256k, 4m. Default: 1m.")
    int ringBytes = TraceOptions.DEFAULT_RING_BYTES;

    @Option(
            names = "--backend",
            split = ",",
            paramLabel = "KIND",
            description = "Hook kinds to try, in order: fentry, kprobe, tp_btf, raw_tp, tracepoint; block requests are"
                    + " seen by tp_btf or raw_tp only. Default: all.")
    List<String> backends = new ArrayList<>();

    /** Whether what operations wait for is traced as well: a choice of the command, not of the user. */
    boolean waits;

    boolean choosesContainers() {
        return !containers.isEmpty() || pod != null || namespace != null || cgroup != null || pid != null;
    }

    /** @throws UsageException if the options do not make sense */
    void check() throws UsageException {
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw new UsageException("--interval must be from 100ms to 10m");
        }
        if (duration != null && duration.isZero()) {
            throw new UsageException("--duration must be longer than nothing");
        }
        if (digits != 2 && digits != 3) {
            throw new UsageException("--digits must be 2 or 3");
        }
        operationSet();
        backendList();
    }

    Set<Operation> operationSet() throws UsageException {
        Set<Operation> set = EnumSet.noneOf(Operation.class);
        for (String name : operations) {
            try {
                set.add(Operation.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException unknown) {
                throw new UsageException("no operation is called '" + name + "': choose from fsync, write, block");
            }
        }
        return set.isEmpty() ? EnumSet.allOf(Operation.class) : set;
    }

    private List<Backend> backendList() throws UsageException {
        List<Backend> list = new ArrayList<>();
        for (String name : backends) {
            try {
                list.add(Backend.of(name.strip()));
            } catch (IllegalArgumentException unknown) {
                throw new UsageException(
                        unknown.getMessage() + ": choose from fentry, kprobe, tp_btf, raw_tp, tracepoint");
            }
        }
        return list.isEmpty() ? List.of(Backend.values()) : list;
    }

    /** @param selects whether only chosen cgroups are traced */
    TraceOptions traceOptions(@Nullable Duration defaultSlow, boolean selects) throws UsageException {
        Duration limit = slow != null ? slow : defaultSlow;
        TraceOptions options = new TraceOptions(
                operationSet(), selects, limit == null ? Long.MAX_VALUE : limit.toNanos(), ringBytes, 0, backendList());
        return waits ? options.withWaits() : options;
    }
}
