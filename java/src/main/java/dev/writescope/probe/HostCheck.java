package dev.writescope.probe;

import dev.writescope.bpf.BpfException;
import dev.writescope.bpf.LibbpfLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Whether the kernel of this host can be traced. What can be tried is tried: versions and settings only explain.
 *
 * @param trials of each kind of program; empty if there is nothing to load them with
 */
public record HostCheck(List<Check> checks, List<HookTrial> trials) {
    private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");
    private static final Pattern LOCKDOWN = Pattern.compile("\\[(\\w+)]");
    private static final Pattern MEMLOCK = Pattern.compile("Max locked memory +(\\S+)");

    public HostCheck {
        checks = List.copyOf(checks);
        trials = List.copyOf(trials);
    }

    /**
     * Checks the kernel this process runs on.
     *
     * @param root where the files of the host are
     */
    public static HostCheck of(Path root) {
        Check library;
        List<HookTrial> trials = List.of();
        List<Check> others = List.of();
        try {
            LibbpfLibrary libbpf = LibbpfLibrary.load();
            library = Check.ok("libbpf", libbpf.version() + (libbpf.file().isEmpty() ? "" : " from " + libbpf.file()));
            // Before the trials: the kernel frees their programs only after a while.
            others = List.of(otherTracers(root.resolve("proc")));
            trials = HookTrial.all();
        } catch (UnsatisfiedLinkError missing) {
            String[] parts = String.valueOf(missing.getMessage()).split(": ", 2);
            library = Check.fail("libbpf", parts[0], parts.length > 1 ? parts[1] : "");
        }
        List<Check> checks = new ArrayList<>(List.of(library));
        checks.addAll(of(root, trials));
        checks.addAll(others);
        return new HostCheck(checks, trials);
    }

    /** What the files of the host say, in the light of the trials. */
    static List<Check> of(Path root, List<HookTrial> trials) {
        Path proc = root.resolve("proc");
        Path sys = root.resolve("sys");
        boolean works = trials.stream().anyMatch(HookTrial::works);
        List<Check> checks = new ArrayList<>();
        checks.add(kernel(proc));
        checks.add(btf(sys));
        Check privileges = privileges(proc);
        boolean privileged = privileges.status() != Check.Status.FAIL;
        checks.add(privileges);
        checks.add(lockdown(sys, works));
        checks.add(Check.ok(
                "unprivileged bpf",
                "kernel.unprivileged_bpf_disabled is "
                        + line(proc.resolve("sys/kernel/unprivileged_bpf_disabled"), "unknown")
                        + "; with the capabilities it does not matter"));
        for (Operation operation : Operation.values()) {
            checks.add(hooks(operation, trials, privileged));
        }
        checks.add(tracefs(proc, works));
        checks.add(queueStatistics(sys));
        return checks;
    }

    private static Check kernel(Path proc) {
        String release = line(proc.resolve("sys/kernel/osrelease"), "unknown");
        Matcher version = RELEASE.matcher(release);
        boolean old = version.lookingAt() && isBefore(version, 5, 8);
        String finding = "Linux " + release + " " + System.getProperty("os.arch");
        return old ? Check.fail("kernel", finding, "boot Linux 5.8 or newer") : Check.ok("kernel", finding);
    }

    private static boolean isBefore(Matcher version, int major, int minor) {
        int found = Integer.parseInt(version.group(1));
        return found < major || (found == major && Integer.parseInt(version.group(2)) < minor);
    }

    private static Check btf(Path sys) {
        Path file = sys.resolve("kernel/btf/vmlinux");
        return Files.isReadable(file)
                ? Check.ok("BTF", file.toString())
                : Check.fail("BTF", "no " + file, "boot a kernel built with CONFIG_DEBUG_INFO_BTF=y");
    }

    private static Check privileges(Path proc) {
        Capabilities capabilities = Capabilities.read(proc.resolve("self/status"));
        List<String> needed = capabilities.missingForTracing();
        List<String> wanted = capabilities.missingForNames();
        if (!needed.isEmpty()) {
            List<String> all = new ArrayList<>(needed);
            all.addAll(wanted);
            return Check.fail(
                    "privileges", "missing " + String.join(", ", all), "run as root, or with those capabilities");
        }
        Matcher version = RELEASE.matcher(line(proc.resolve("sys/kernel/osrelease"), ""));
        if (version.lookingAt() && isBefore(version, 5, 11) && !capabilities.canRaiseMemlock() && memlocked(proc)) {
            return Check.fail(
                    "privileges",
                    "this kernel counts BPF memory as locked, which is limited",
                    "ulimit -l unlimited, or run with CAP_SYS_RESOURCE");
        }
        return wanted.isEmpty()
                ? Check.ok("privileges", "all that are needed")
                : Check.warn(
                        "privileges",
                        "missing " + String.join(", ", wanted) + ": some containers and files will have no name",
                        "run as root, or with those capabilities");
    }

    private static boolean memlocked(Path proc) {
        Matcher limit = MEMLOCK.matcher(line(proc.resolve("self/limits"), ""));
        return limit.find() && !limit.group(1).equals("unlimited");
    }

    private static Check lockdown(Path sys, boolean works) {
        Matcher mode = LOCKDOWN.matcher(line(sys.resolve("kernel/security/lockdown"), ""));
        if (!mode.find()) {
            String unknown = "unknown: securityfs is not mounted or this kernel has no lockdown";
            return works
                    ? Check.ok("lockdown", unknown + "; it does not hinder")
                    : Check.warn("lockdown", unknown, "mount -t securityfs securityfs /sys/kernel/security");
        }
        return mode.group(1).equals("confidentiality")
                ? Check.fail("lockdown", "confidentiality: BPF may not read the kernel", "boot with lockdown=integrity")
                : Check.ok("lockdown", mode.group(1));
    }

    private static Check hooks(Operation operation, List<HookTrial> trials, boolean privileged) {
        for (HookTrial trial : trials) {
            for (Coverage coverage : trial.coverage()) {
                if (coverage.operation() == operation) {
                    return hooks(coverage, trial.backend());
                }
            }
        }
        return Check.fail(
                operation.label(),
                trials.isEmpty() ? "cannot be tried" : "no kind of program is allowed",
                privileged ? "let the host's policy (seccomp, LSM, lockdown) allow BPF programs" : "see privileges");
    }

    private static Check hooks(Coverage coverage, Backend backend) {
        String name = coverage.operation().label();
        String finding = "by " + coverage.backend();
        return coverage.misses().isEmpty()
                ? Check.ok(name, finding)
                : Check.warn(
                        name,
                        finding + ", which misses " + String.join("; ", coverage.misses()),
                        backend.seesSystemCalls()
                                ? "a kernel that allows fentry or kprobes sees most of that"
                                : "no kind of program sees that");
    }

    private static Check tracefs(Path proc, boolean works) {
        for (String mount : lines(proc.resolve("self/mounts"))) {
            List<String> fields = List.of(mount.split(" ", -1));
            if (fields.size() > 2 && fields.get(2).equals("tracefs")) {
                return Check.ok("tracefs", "mounted at " + fields.get(1));
            }
        }
        return works
                ? Check.ok("tracefs", "not mounted; only the tracepoint kind would need it")
                : Check.warn("tracefs", "not mounted", "mount -t tracefs tracefs /sys/kernel/tracing");
    }

    private static Check queueStatistics(Path sys) {
        List<String> off = QueueStatistics.devicesWithout(sys.resolve("block"));
        return off.isEmpty()
                ? Check.ok("block statistics", "on for every device with a request queue")
                : Check.warn(
                        "block statistics",
                        "off for " + String.join(", ", off) + ": requests are timed by two programs more",
                        "echo 1 > /sys/block/" + off.getFirst() + "/queue/iostats");
    }

    private static Check otherTracers(Path proc) {
        try {
            List<OtherTracer> tracers = OtherTracer.all(proc);
            if (tracers.isEmpty()) {
                return Check.ok("other tracers", "none");
            }
            String all = tracers.stream().map(HostCheck::describe).collect(Collectors.joining("; "));
            return Check.warn("other tracers", all, "latencies include what they cost: stop them to be exact");
        } catch (BpfException refused) {
            return Check.ok("other tracers", "unknown: only CAP_SYS_ADMIN may list them");
        }
    }

    private static String describe(OtherTracer tracer) {
        String holder = tracer.pid() == 0 ? "a process out of sight" : tracer.name() + " (pid " + tracer.pid() + ")";
        String programs = tracer.programs().stream().distinct().limit(3).collect(Collectors.joining(", "));
        return holder + ": " + tracer.programs().size() + " of its programs (" + programs + ")";
    }

    private static String line(Path file, String otherwise) {
        List<String> lines = lines(file);
        return lines.isEmpty() ? otherwise : String.join("\n", lines).strip();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
