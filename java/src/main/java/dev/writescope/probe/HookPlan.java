package dev.writescope.probe;

import dev.writescope.bpf.BpfException;
import dev.writescope.bpf.Trial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A choice of programs to load.
 *
 * @param files how syncs and writes are seen; null leaves them out
 * @param block how block requests are seen; null leaves them out
 * @param taskStorage whether start stamps are in task storage
 * @param ext4 whether syncs inside ext4 are seen as well
 * @param functions the kernel functions to hook, for the kinds that hook functions
 * @param waits whether the scheduler is hooked, to see what operations wait for
 * @param commits how commits of jbd2 journals are seen; null leaves them out
 */
record HookPlan(
        Set<Operation> operations,
        @Nullable Backend files,
        @Nullable Backend block,
        boolean taskStorage,
        boolean ext4,
        Set<String> functions,
        boolean waits,
        @Nullable Backend commits) {

    /** The programs for {@link #waits}. */
    static final List<String> WAIT_PROGRAMS = List.of("switch_btf", "waking_btf");

    static HookPlan ofBlock(Set<Operation> operations, @Nullable Backend block) {
        return new HookPlan(operations, null, block, true, false, Set.of(), false, null);
    }

    /** The same with another choice for block requests. */
    HookPlan with(@Nullable Backend other) {
        return new HookPlan(operations, files, other, taskStorage, ext4, functions, waits, commits);
    }

    /** The ways to see waits as well that are worth trying, best first; the last is not to. */
    List<HookPlan> withWaits() {
        return files == null
                ? List.of(this)
                : List.of(
                        with(true, Backend.TP_BTF), with(true, Backend.RAW_TP), with(true, (Backend) null), without());
    }

    private HookPlan with(boolean wait, @Nullable Backend commit) {
        return new HookPlan(operations, files, block, taskStorage, ext4, functions, wait, commit);
    }

    /** The same without waits. */
    HookPlan without() {
        return with(false, null);
    }

    /** Whether the open in which overlay copies a file up is seen, with {@link #waits}. */
    boolean seesCopyUps() {
        return waits && ext4 && traces(Operation.WRITE) && (files == Backend.TP_BTF || files == Backend.RAW_TP);
    }

    boolean traces(Operation operation) {
        return operations.contains(operation);
    }

    /** The ways to see syncs and writes that are worth trying here, best first. */
    static List<HookPlan> ofFiles(TraceOptions options, Map<String, BpfException> refusals) {
        List<HookPlan> plans = new ArrayList<>();
        for (Backend backend : options.backends()) {
            Set<String> functions = Set.of();
            if (backend == Backend.FENTRY) {
                functions = fentryFunctions(options.operations(), refusals);
            } else if (backend == Backend.KPROBE && Files.exists(Path.of("/sys/bus/event_source/devices/kprobe"))) {
                functions = Set.copyOf(hooked(options.operations()).stream()
                        .map(Backend.FunctionHook::function)
                        .toList());
            }
            if (backend.seesSystemCalls() || !functions.isEmpty()) {
                boolean[] ext4Choices =
                        backend.seesSystemCalls() && options.operations().contains(Operation.FSYNC)
                                ? new boolean[] {true, false}
                                : new boolean[] {false};
                for (boolean taskStorage : new boolean[] {true, false}) {
                    for (boolean ext4 : ext4Choices) {
                        plans.add(new HookPlan(
                                options.operations(), backend, null, taskStorage, ext4, functions, false, null));
                    }
                }
            }
        }
        return plans;
    }

    private static List<Backend.FunctionHook> hooked(Set<Operation> operations) {
        return Backend.FUNCTIONS.stream()
                .filter(hook -> operations.contains(hook.operation()))
                .toList();
    }

    /** The functions that fentry can attach to; none if a required one is not among them. */
    private static Set<String> fentryFunctions(Set<Operation> operations, Map<String, BpfException> refusals) {
        Set<String> possible = new HashSet<>();
        for (Backend.FunctionHook hook : hooked(operations)) {
            try {
                Trial.fentry(hook.function());
                possible.add(hook.function());
            } catch (BpfException refused) {
                refusals.put("fentry", refused);
                if (hook.required()) {
                    return Set.of();
                }
            }
        }
        return possible;
    }

    /** The names of its programs, each exit before its entry. */
    List<String> programs() {
        List<String> programs = new ArrayList<>(waits ? WAIT_PROGRAMS : List.of());
        if (commits != null) {
            String kind = commits == Backend.TP_BTF ? "_btf" : "_raw";
            for (String tracepoint : List.of("end_commit", "commit_logging", "commit_flushing", "start_commit")) {
                programs.add(tracepoint + kind);
            }
        }
        if (files != null) {
            switch (files) {
                case FENTRY, KPROBE -> {
                    for (Backend.FunctionHook hook : hooked(operations)) {
                        if (functions.contains(hook.function())) {
                            programs.add(hook.exit(files));
                            programs.add(hook.entry(files));
                        }
                    }
                }
                case TP_BTF -> programs.addAll(List.of("sys_exit_btf", "sys_enter_btf"));
                case RAW_TP -> programs.addAll(List.of("sys_exit_raw", "sys_enter_raw"));
                case TRACEPOINT -> {
                    programs.add(Backend.EXIT_TRACEPOINT);
                    systemCalls().stream()
                            .map(Backend.SystemCall::entryProgram)
                            .distinct()
                            .forEach(programs::add);
                }
            }
            if (ext4) {
                String kind = files == Backend.TP_BTF ? "btf" : "raw";
                programs.addAll(List.of("ext4_exit_" + kind, "ext4_enter_" + kind));
            }
        }
        if (block != null) {
            programs.add(block == Backend.TP_BTF ? "block_complete_btf" : "block_complete_raw");
        }
        return programs;
    }

    /** The calls to attach to one by one. */
    List<Backend.SystemCall> systemCalls() {
        return Backend.SYSTEM_CALLS.stream()
                .filter(call -> traces(call.operation()))
                .toList();
    }

    /** What is not seen of an operation, besides functions that could not be attached. */
    List<String> misses(Operation operation, List<String> missedFunctions) {
        List<String> misses = new ArrayList<>();
        Backend backend = files;
        if (backend != null && backend.seesSystemCalls()) {
            if (operation == Operation.FSYNC) {
                String except = ext4 ? " except on ext4" : "";
                misses.add("io_uring fsync" + except);
                misses.add("the sync part of O_SYNC writes" + except);
                misses.add("which file msync is for" + except);
            } else {
                misses.add("io_uring writes");
                misses.add("sendfile, splice and copy_file_range");
                misses.add("writes by the kernel itself");
            }
            if (backend == Backend.TRACEPOINT) {
                misses.add("32-bit system calls");
            } else {
                misses.addAll(missedByPreemption(System.getProperty("os.version", "")));
            }
        } else {
            if (operation == Operation.WRITE) {
                misses.add("io_uring writes");
                misses.add("sendfile, splice and copy_file_range");
            } else {
                misses.add("which mount msync on overlay is for"); // it goes straight to the real file
            }
            if (backend == Backend.KPROBE) {
                // As many as CPUs, since 6.2 twice as many and at least ten (kernel/kprobes.c, maxactive).
                misses.add("some of many calls that wait at once (counted as lost)");
            }
            for (Backend.FunctionHook hook : Backend.FUNCTIONS) {
                if (hook.operation() == operation
                        && hook.callable()
                        && (!functions.contains(hook.function()) || missedFunctions.contains(hook.function()))) {
                    misses.add(hook.function() + " (not in this kernel)");
                }
            }
        }
        return misses;
    }

    /**
     * What the kernel skips while a program that it preempted waits for the same CPU: its tracepoints may be preempted
     * since a46023d5616e ("tracing: Guard __DECLARE_TRACE() use of __DO_TRACE_CALL() with SRCU-fast", 7.0). A program
     * that keeps the CPU does not help: it is preempted where it gives it back.
     */
    static List<String> missedByPreemption(String kernelRelease) {
        Matcher major = Pattern.compile("(\\d{1,3})\\.").matcher(kernelRelease);
        return major.lookingAt() && Integer.parseInt(major.group(1)) >= 7
                ? List.of("some events while a program of ours is preempted (counted as lost)")
                : List.of();
    }

    /** What is not seen of the waits of an operation, where they are asked for. */
    List<String> missesOfWaits(Operation operation, boolean symbolsAreHidden) {
        if (!waits) {
            return List.of("what it waits for");
        }
        List<String> misses = new ArrayList<>();
        if (symbolsAreHidden) {
            misses.add("what it waits for (/proc/kallsyms has no addresses: needs CAP_SYSLOG)");
        }
        if (operation == Operation.FSYNC && commits == null) {
            misses.add("the phases of journal commits");
        } else if (operation == Operation.WRITE) {
            misses.add(
                    seesCopyUps()
                            ? "copy-ups by truncate, and those to other file systems than ext4"
                            : "copy-ups of overlay");
        }
        return misses;
    }
}
