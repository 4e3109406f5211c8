package dev.writescope.probe;

import dev.writescope.bpf.BpfException;
import dev.writescope.bpf.BpfObject;
import dev.writescope.bpf.Trial;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Loaded programs: which ones this host allows, found by trying the kinds in order, never by version.
 *
 * <p>All programs are one BPF object, so a single refused program refuses the object. The first choice usually loads
 * at once; only if it does not are the parts tried alone.
 */
final class Hooks {
    private static final List<Backend> BLOCK_BACKENDS = List.of(Backend.TP_BTF, Backend.RAW_TP);

    private final BpfObject object;
    private final Plan plan;
    private final int laneRecords;
    private final int ringCount;
    private final List<Coverage> coverage = new ArrayList<>();

    /** What to load: a null backend leaves its part out. */
    private record Plan(
            Set<Operation> operations,
            @Nullable Backend files,
            @Nullable Backend block,
            boolean taskStorage,
            boolean ext4,
            Set<String> functions) {
        boolean traces(Operation operation) {
            return operations.contains(operation);
        }
    }

    private Hooks(BpfObject object, Plan plan, int laneRecords, int ringCount) {
        this.object = object;
        this.plan = plan;
        this.laneRecords = laneRecords;
        this.ringCount = ringCount;
    }

    BpfObject object() {
        return object;
    }

    List<Coverage> coverage() {
        return List.copyOf(coverage);
    }

    int laneRecords() {
        return laneRecords;
    }

    int ringCount() {
        return ringCount;
    }

    static Hooks load(TraceOptions options) throws HostException {
        if (!Files.exists(Path.of("/sys/kernel/btf/vmlinux"))) {
            throw new HostException(
                    "this kernel has no BTF (/sys/kernel/btf/vmlinux): boot one built with CONFIG_DEBUG_INFO_BTF=y");
        }
        Map<String, BpfException> refusals = new TreeMap<>();
        boolean wantFiles = options.operations().contains(Operation.FSYNC)
                || options.operations().contains(Operation.WRITE);
        boolean wantBlock = options.operations().contains(Operation.BLOCK);
        List<Plan> files = wantFiles ? filePlans(options, refusals) : List.of();
        @Nullable Backend block = wantBlock ? BLOCK_BACKENDS.getFirst() : null;
        if (wantFiles && files.isEmpty()) {
            throw refused("syncs and writes", refusals);
        }
        Plan first = files.isEmpty()
                ? new Plan(options.operations(), null, block, true, false, Set.of())
                : with(files.getFirst(), block);
        try {
            return load(first, options);
        } catch (BpfException notAtOnce) {
            refusals.put("all together", notAtOnce);
            return loadByParts(options, files, wantBlock, refusals);
        }
    }

    private static Plan with(Plan files, @Nullable Backend block) {
        return new Plan(files.operations, files.files, block, files.taskStorage, files.ext4, files.functions);
    }

    /** The ways to see syncs and writes that are worth trying here, best first. */
    private static List<Plan> filePlans(TraceOptions options, Map<String, BpfException> refusals) {
        List<Plan> plans = new ArrayList<>();
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
                        plans.add(new Plan(options.operations(), backend, null, taskStorage, ext4, functions));
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

    private static Hooks loadByParts(
            TraceOptions options, List<Plan> files, boolean wantBlock, Map<String, BpfException> refusals)
            throws HostException {
        Plan best = null;
        for (Plan plan : files) {
            if (loads(plan, options, label(plan.files), refusals)) {
                best = plan;
                break;
            }
        }
        Backend block = null;
        for (Backend backend : wantBlock ? BLOCK_BACKENDS : List.<Backend>of()) {
            Plan alone = new Plan(options.operations(), null, backend, true, false, Set.of());
            if (loads(alone, options, backend.label(), refusals)) {
                block = backend;
                break;
            }
        }
        if (best == null && !files.isEmpty()) {
            throw refused("syncs and writes", refusals);
        }
        if (block == null && wantBlock) {
            throw refused("block requests", refusals);
        }
        try {
            return load(
                    best == null
                            ? new Plan(options.operations(), null, block, true, false, Set.of())
                            : with(best, block),
                    options);
        } catch (BpfException refused) {
            throw HostException.of(refused);
        }
    }

    private static String label(@Nullable Backend backend) {
        return backend == null ? "" : backend.label();
    }

    private static boolean loads(Plan plan, TraceOptions options, String kind, Map<String, BpfException> refusals) {
        try {
            load(plan, options).object.close();
            return true;
        } catch (BpfException refused) {
            refusals.put(kind, refused);
            return false;
        }
    }

    private static HostException refused(String what, Map<String, BpfException> refusals) {
        Collection<BpfException> all = refusals.values();
        if (!all.isEmpty() && all.stream().allMatch(BpfException::permissionDenied)) {
            return new HostException("not permitted to load BPF programs: run as root, or with CAP_BPF and CAP_PERFMON"
                    + " (and kernel lockdown not in confidentiality mode); see writescope doctor");
        }
        List<String> reasons = new ArrayList<>();
        refusals.forEach((kind, reason) -> reasons.add(kind + ": " + reason.getMessage()));
        return new HostException("no kind of program that could see " + what + " is allowed here ("
                + String.join("; ", reasons) + "); see writescope doctor");
    }

    private static byte[] programs() {
        String arch = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        String name = "/bpf/" + arch + "/writescope.bpf.o";
        try (InputStream in = Hooks.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this build has no BPF programs for " + arch);
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Hooks load(Plan plan, TraceOptions options) throws BpfException {
        BpfObject object = new BpfObject("writescope", programs());
        try {
            Records.check(object.btf());
            int cpus = Trial.possibleCpus();
            int records = options.laneRecords() > 0 ? options.laneRecords() : defaultLaneRecords(cpus);
            int rings = Math.min(Integer.highestOneBit(Math.max(1, 2 * cpus - 1)), 16);
            Hooks hooks = new Hooks(object, plan, records, rings);
            object.constant("trace_write", plan.traces(Operation.WRITE) ? 1 : 0);
            object.constant("trace_fsync", plan.traces(Operation.FSYNC) ? 1 : 0);
            object.constant("select_containers", options.selectContainers() ? 1 : 0);
            object.constant("slow_ns", options.slowNs());
            object.constant("lane_mask", records - 1L);
            object.constant("ring_mask", rings - 1L);
            object.constant("task_storage", plan.taskStorage ? 1 : 0);
            object.entries("lanes", cpus);
            object.valueSize("lanes", (int) Tracer.laneBytes(records));
            object.entries("rings", rings);
            if (plan.taskStorage) {
                object.leaveOut("thread_frames");
                object.leaveOut("no_frames");
            } else {
                object.leaveOut("task_frames");
            }
            for (String program : hooks.programs(plan)) {
                object.choose(program);
            }
            object.load();
            return hooks;
        } catch (BpfException | RuntimeException failure) {
            object.close();
            throw failure;
        }
    }

    /** Enough for the fastest writer over the time that a busy machine may keep us waiting, within reason in all. */
    private static int defaultLaneRecords(int cpus) {
        return cpus <= 8 ? 65536 : cpus <= 64 ? 16384 : 8192;
    }

    private List<String> programs(Plan plan) {
        List<String> programs = new ArrayList<>();
        if (plan.files != null) {
            switch (plan.files) {
                case FENTRY, KPROBE -> {
                    for (Backend.FunctionHook hook : hooked(plan.operations)) {
                        if (plan.functions.contains(hook.function())) {
                            programs.add(hook.exit(plan.files));
                            programs.add(hook.entry(plan.files));
                        }
                    }
                }
                case TP_BTF -> programs.addAll(List.of("sys_exit_btf", "sys_enter_btf"));
                case RAW_TP -> programs.addAll(List.of("sys_exit_raw", "sys_enter_raw"));
                case TRACEPOINT -> programs.addAll(tracepointPrograms(plan));
            }
            if (plan.ext4) {
                String kind = plan.files == Backend.TP_BTF ? "btf" : "raw";
                programs.addAll(List.of("ext4_exit_" + kind, "ext4_enter_" + kind));
            }
        }
        if (plan.block != null) {
            programs.add(plan.block == Backend.TP_BTF ? "block_complete_btf" : "block_complete_raw");
        }
        return programs;
    }

    /** Attaches everything, exits first, and finds out what is covered by that. */
    void attach() throws BpfException {
        List<String> missedFunctions = new ArrayList<>();
        for (String program : programs(plan)) {
            if (program.contains("_tracepoint")) {
                attachSystemCalls(program);
            } else if (plan.files == Backend.KPROBE && !program.startsWith("block")) {
                attachKprobe(program, missedFunctions);
            } else {
                object.attach(program);
            }
        }
        if (plan.files != null) {
            for (Operation operation : List.of(Operation.FSYNC, Operation.WRITE)) {
                if (plan.traces(operation)) {
                    coverage.add(new Coverage(operation, plan.files.label(), missed(operation, missedFunctions)));
                }
            }
        }
        if (plan.block != null) {
            coverage.add(new Coverage(Operation.BLOCK, plan.block.label(), List.of()));
        }
    }

    private static List<Backend.SystemCall> calls(Plan plan) {
        return Backend.SYSTEM_CALLS.stream()
                .filter(call -> plan.traces(call.operation()))
                .toList();
    }

    private static String entryTracepoint(Backend.SystemCall call) {
        return "sys_enter_tracepoint_" + call.arguments();
    }

    private static List<String> tracepointPrograms(Plan plan) {
        List<String> programs = new ArrayList<>();
        programs.add("sys_exit_tracepoint");
        calls(plan).stream().map(Hooks::entryTracepoint).distinct().forEach(programs::add);
        return programs;
    }

    private void attachSystemCalls(String program) throws BpfException {
        for (Backend.SystemCall call : calls(plan)) {
            if (program.equals("sys_exit_tracepoint")) {
                object.attachTracepoint(program, "syscalls", "sys_exit_" + call.name());
            } else if (program.equals(entryTracepoint(call))) {
                object.attachTracepoint(program, "syscalls", "sys_enter_" + call.name());
            }
        }
    }

    private void attachKprobe(String program, List<String> missed) throws BpfException {
        Backend.FunctionHook hook = Backend.FUNCTIONS.stream()
                .filter(h -> program.equals(h.entry(Backend.KPROBE)) || program.equals(h.exit(Backend.KPROBE)))
                .findFirst()
                .orElseThrow();
        if (missed.contains(hook.function())) {
            return;
        }
        try {
            object.attach(program);
        } catch (BpfException absent) {
            if (hook.required()) {
                throw absent;
            }
            missed.add(hook.function());
        }
    }

    private List<String> missed(Operation operation, List<String> missedFunctions) {
        List<String> misses = new ArrayList<>();
        Backend backend = plan.files;
        if (backend != null && backend.seesSystemCalls()) {
            if (operation == Operation.FSYNC) {
                String except = plan.ext4 ? " except on ext4" : "";
                misses.add("io_uring fsync" + except);
                misses.add("the sync part of O_SYNC writes" + except);
            } else {
                misses.add("io_uring writes");
                misses.add("sendfile, splice and copy_file_range");
                misses.add("writes by the kernel itself");
            }
            if (backend == Backend.TRACEPOINT) {
                misses.add("32-bit system calls");
            }
        } else {
            if (operation == Operation.WRITE) {
                misses.add("io_uring writes");
                misses.add("sendfile, splice and copy_file_range");
            }
            for (Backend.FunctionHook hook : Backend.FUNCTIONS) {
                if (hook.operation() == operation
                        && (!plan.functions.contains(hook.function()) || missedFunctions.contains(hook.function()))) {
                    misses.add(hook.function() + " (not in this kernel)");
                }
            }
        }
        return misses;
    }
}
