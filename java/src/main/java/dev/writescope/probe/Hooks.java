package dev.writescope.probe;

import dev.writescope.bpf.BpfException;
import dev.writescope.bpf.BpfObject;
import dev.writescope.bpf.Capability;
import dev.writescope.bpf.Trial;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
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
    static final List<Backend> BLOCK_BACKENDS = List.of(Backend.TP_BTF, Backend.RAW_TP);

    private static final Path KERNEL_BTF = Path.of("/sys/kernel/btf/vmlinux");

    private static final int E2BIG = 7;

    /** Lanes of less than 4 MiB: on older kernels (5.10) a value of an array map may not be larger. */
    private static final int OLD_LANE_RECORDS = 65536;

    private final BpfObject object;
    private final HookPlan plan;
    private final List<String> programs;
    private final int laneRecords;
    private final int ringCount;
    private final boolean waits;
    private final List<Coverage> coverage = new ArrayList<>();
    private boolean causesMissed;

    private Hooks(
            BpfObject object, HookPlan plan, List<String> programs, int laneRecords, int ringCount, boolean waits) {
        this.object = object;
        this.plan = plan;
        this.programs = List.copyOf(programs);
        this.laneRecords = laneRecords;
        this.ringCount = ringCount;
        this.waits = waits;
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

    /** Stacks of waiting threads cannot be read. */
    void missesCauses() {
        causesMissed = true;
    }

    /** Whether records of waits come. */
    boolean seesWaits() {
        return plan.waits();
    }

    static Hooks load(TraceOptions options) throws HostException {
        if (!Files.exists(KERNEL_BTF)) {
            throw new HostException(
                    "this kernel has no BTF (/sys/kernel/btf/vmlinux): boot one built with CONFIG_DEBUG_INFO_BTF=y");
        }
        Map<String, BpfException> refusals = new TreeMap<>();
        boolean wantFiles = options.operations().contains(Operation.FSYNC)
                || options.operations().contains(Operation.WRITE);
        boolean wantBlock = options.operations().contains(Operation.BLOCK);
        List<HookPlan> files = wantFiles ? HookPlan.ofFiles(options, refusals) : List.of();
        @Nullable Backend block = wantBlock ? blockBackends(options).getFirst() : null;
        if (wantFiles && files.isEmpty()) {
            throw refused("syncs and writes", refusals);
        }
        HookPlan first = files.isEmpty()
                ? HookPlan.ofBlock(options.operations(), block)
                : files.getFirst().with(block);
        try {
            requireSight(first, options);
            return load(options.waits() ? first.withWaits().getFirst() : first, options);
        } catch (BpfException notAtOnce) {
            refusals.put("all together", notAtOnce);
            return loadByParts(options, files, wantBlock, refusals);
        }
    }

    /** Those that were asked for; if none of them can see block requests, all that can. */
    private static List<Backend> blockBackends(TraceOptions options) {
        List<Backend> asked =
                options.backends().stream().filter(BLOCK_BACKENDS::contains).toList();
        return asked.isEmpty() ? BLOCK_BACKENDS : asked;
    }

    private static Hooks loadByParts(
            TraceOptions options, List<HookPlan> files, boolean wantBlock, Map<String, BpfException> refusals)
            throws HostException {
        HookPlan best = null;
        for (HookPlan plan : files) {
            if (loads(plan, options, label(plan.files()), refusals)) {
                best = plan;
                break;
            }
        }
        Backend block = null;
        for (Backend backend : wantBlock ? blockBackends(options) : List.<Backend>of()) {
            HookPlan alone = HookPlan.ofBlock(options.operations(), backend);
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
        HookPlan whole = best == null ? HookPlan.ofBlock(options.operations(), block) : best.with(block);
        try {
            return options.waits() ? loadWithWaits(whole, options) : load(whole, options);
        } catch (BpfException refused) {
            throw HostException.of(refused);
        }
    }

    /** With as much of the waits as this host allows. */
    private static Hooks loadWithWaits(HookPlan whole, TraceOptions options) throws BpfException {
        List<HookPlan> plans = whole.withWaits();
        for (HookPlan plan : plans.subList(0, plans.size() - 1)) {
            try {
                return load(plan, options);
            } catch (BpfException refused) {
                // Said in the coverage.
            }
        }
        return load(plans.getLast(), options);
    }

    /** Loads and attaches one kind of program alone, for a moment. */
    static HookTrial attempt(Set<Operation> operations, Backend backend) {
        TraceOptions options = new TraceOptions(
                operations, false, Long.MAX_VALUE, TraceOptions.DEFAULT_RING_BYTES, 0, List.of(backend));
        Map<String, BpfException> refusals = new TreeMap<>();
        List<HookPlan> plans = operations.contains(Operation.BLOCK)
                ? List.of(HookPlan.ofBlock(operations, backend))
                : HookPlan.ofFiles(options, refusals);
        for (HookPlan plan : plans) {
            try {
                requireSight(plan, options);
                Hooks hooks = load(plan, options);
                try {
                    hooks.attach();
                    return new HookTrial(operations, backend, "", hooks.coverage());
                } finally {
                    hooks.object.close();
                }
            } catch (BpfException refused) {
                refusals.putIfAbsent(backend.label(), refused); // later plans are makeshifts: their reasons mislead
            }
        }
        BpfException refusal = refusals.get(backend.label());
        String reason = refusal == null ? "this kernel has none" : String.valueOf(refusal.getMessage());
        return new HookTrial(operations, backend, reason, List.of());
    }

    /**
     * For kinds that hook functions: attaches a copy for a moment, to see that it runs. A copy, so that neither its
     * events nor what it leaves in unfinished operations reaches the run.
     */
    private static void requireSight(HookPlan plan, TraceOptions options) throws BpfException {
        if (plan.files() == null || plan.files().seesSystemCalls()) {
            return;
        }
        Hooks copy = load(plan.with(null), options);
        try {
            copy.attach();
            List<String> silent = SelfCheck.silentFunctions(copy.object, plan);
            if (!silent.isEmpty()) {
                throw BpfException.withoutErrno(
                        "attached, but sees nothing of " + String.join(", ", silent) + " on this kernel");
            }
        } finally {
            copy.object.close();
        }
    }

    private static String label(@Nullable Backend backend) {
        return backend == null ? "" : backend.label();
    }

    private static boolean loads(HookPlan plan, TraceOptions options, String kind, Map<String, BpfException> refusals) {
        try {
            requireSight(plan, options);
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
        HostException failure = new HostException("no kind of program that could see " + what + " is allowed here ("
                + String.join("; ", reasons) + "); see writescope doctor");
        all.forEach(failure::addSuppressed);
        return failure;
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

    private static Hooks load(HookPlan plan, TraceOptions options) throws BpfException {
        int cpus = Trial.possibleCpus();
        int records = options.laneRecords() > 0 ? options.laneRecords() : Lane.defaultRecords(cpus);
        try {
            return load(plan, options, cpus, records);
        } catch (BpfException refused) {
            if (refused.errno() != E2BIG || records <= OLD_LANE_RECORDS) {
                throw refused;
            }
            return load(plan, options, cpus, OLD_LANE_RECORDS);
        }
    }

    private static Hooks load(HookPlan plan, TraceOptions options, int cpus, int records) throws BpfException {
        BpfObject object =
                new BpfObject("writescope", programs(), Capabilities.own().has(Capability.SYS_ADMIN));
        try {
            Records.check(object.btf());
            int rings = ringCount(cpus);
            List<String> programs = new ArrayList<>(plan.programs());
            if (plan.block() != null) {
                RequestFlags flags = requestFlags();
                object.constant("flush_sequence", flags.flushSequence());
                object.constant("counted", flags.counted());
            }
            if (plan.block() != null && QueueStatistics.areOffSomewhere()) {
                programs.addAll(QueueStatistics.PROGRAMS);
                object.constant("request_times", 1);
                object.constant("request_argument", QueueStatistics.requestArgument());
            } else {
                object.leaveOut("request_time");
            }
            Hooks hooks = new Hooks(object, plan, programs, records, rings, options.waits());
            object.constant("trace_write", plan.traces(Operation.WRITE) ? 1 : 0);
            object.constant("trace_fsync", plan.traces(Operation.FSYNC) ? 1 : 0);
            object.constant("trace_waits", plan.waits() ? 1 : 0);
            object.constant("select_containers", options.selectContainers() ? 1 : 0);
            object.constant("slow_ns", options.slowNs());
            object.constant("lane_mask", records - 1L);
            object.constant("ring_mask", rings - 1L);
            object.constant("task_storage", plan.taskStorage() ? 1 : 0);
            object.entries("lanes", cpus);
            object.valueSize("lanes", (int) Tracer.laneBytes(records));
            object.entries("rings", rings);
            if (plan.files() == null || !plan.taskStorage()) {
                object.leaveOut("task_frames"); // not even a map of that type can be created on older kernels
            }
            if (plan.files() == null || plan.taskStorage()) {
                object.leaveOut("thread_frames");
                object.leaveOut("no_frames");
            }
            leaveOutWaits(object, plan);
            for (String program : programs) {
                object.choose(program);
            }
            object.load();
            return hooks;
        } catch (BpfException | RuntimeException failure) {
            object.close();
            throw failure;
        }
    }

    private static void leaveOutWaits(BpfObject object, HookPlan plan) {
        if (!plan.waits()) {
            object.leaveOut("stacks");
            object.leaveOut("activities");
        }
        if (!plan.waits() || System.getProperty("os.arch").equals("aarch64")) {
            object.leaveOut("stack_window");
            object.leaveOut("known_stacks");
        }
        if (!plan.waits() || !plan.taskStorage()) {
            object.leaveOut("task_waits");
        }
        if (!plan.waits() || plan.taskStorage()) {
            object.leaveOut("thread_waits");
            object.leaveOut("no_waits");
        }
    }

    /** One per CPU, since their locks limit them, but not more than the memory of sixteen; a power of two. */
    static int ringCount(int cpus) {
        return Math.min(Integer.highestOneBit(Math.max(1, 2 * cpus - 1)), 16);
    }

    private static RequestFlags requestFlags() throws BpfException {
        try {
            return RequestFlags.of(KERNEL_BTF);
        } catch (IOException unreadable) {
            throw BpfException.withoutErrno("the types of this kernel cannot be read: " + unreadable.getMessage());
        }
    }

    /** Attaches everything, exits first, and finds out what is covered by that. */
    void attach() throws BpfException {
        List<String> missedFunctions = new ArrayList<>();
        for (String program : programs) {
            if (program.contains("_tracepoint")) {
                attachSystemCalls(program);
            } else if (program.endsWith("_kprobe") || program.endsWith("_kretprobe")) {
                attachKprobe(program, missedFunctions);
            } else {
                object.attach(program);
            }
        }
        if (plan.files() != null) {
            for (Operation operation : List.of(Operation.FSYNC, Operation.WRITE)) {
                if (plan.traces(operation)) {
                    List<String> misses = new ArrayList<>(plan.misses(operation, missedFunctions));
                    if (waits) {
                        misses.addAll(plan.missesOfWaits(operation, causesMissed));
                    }
                    coverage.add(new Coverage(operation, plan.files().label(), misses));
                }
            }
        }
        if (plan.block() != null) {
            coverage.add(new Coverage(
                    Operation.BLOCK,
                    plan.block().label(),
                    HookPlan.missedByPreemption(System.getProperty("os.version", ""))));
        }
    }

    private void attachSystemCalls(String program) throws BpfException {
        for (Backend.SystemCall call : plan.systemCalls()) {
            if (program.equals(Backend.EXIT_TRACEPOINT)) {
                object.attachTracepoint(program, "syscalls", "sys_exit_" + call.name());
            } else if (program.equals(call.entryProgram())) {
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
}
