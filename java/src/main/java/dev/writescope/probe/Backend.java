package dev.writescope.probe;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The ways to see syncs and writes, best first. Which of them a host allows is found by trial.
 *
 * <p>Exits are attached before entries: an entry without its exit would leave a start stamp behind.
 */
public enum Backend {
    FENTRY("fentry"),
    KPROBE("kprobe"),
    TP_BTF("tp_btf"),
    RAW_TP("raw_tp"),
    TRACEPOINT("tracepoint");

    private final String label;

    Backend(String label) {
        this.label = label;
    }

    /** As in JSON and in the option that forces one. */
    public String label() {
        return label;
    }

    /**
     * The kind of that name.
     *
     * @throws IllegalArgumentException for a name that is none
     */
    public static Backend of(String label) {
        for (Backend backend : values()) {
            if (backend.label.equals(label)) {
                return backend;
            }
        }
        throw new IllegalArgumentException("no hook kind is called \"" + label + "\"");
    }

    /** True for the kinds that see system calls instead of the functions behind them. */
    public boolean seesSystemCalls() {
        return this == TP_BTF || this == RAW_TP || this == TRACEPOINT;
    }

    /** A pair of programs on one kernel function, named after the program without its kind. */
    record FunctionHook(String function, String program, Operation operation, boolean required) {
        /** False for what only 32-bit programs call, on a kernel that runs none. */
        boolean callable() {
            return !program.startsWith(PROGRAM_32) || Files.exists(COMPAT_CALLS);
        }

        String exit(Backend backend) {
            return program + (backend == FENTRY ? "_fexit" : "_kretprobe");
        }

        String entry(Backend backend) {
            return program + (backend == FENTRY ? "_fentry" : "_kprobe");
        }
    }

    private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
    private static final String CALL = ARM ? "__arm64_sys_" : "__x64_sys_";
    private static final String CALL_32 = "__ia32_sys_";
    private static final String PROGRAM_32 = "sys32_";

    /** Of the kernel's 32-bit vDSO: there when 32-bit programs can run at all. */
    private static final Path COMPAT_CALLS = Path.of("/proc/sys/abi/vsyscall32");

    /** What {@link #FENTRY} and {@link #KPROBE} hook. Those not required may be inlined in some kernel builds. */
    static final List<FunctionHook> FUNCTIONS = Stream.concat(
                    Stream.of(
                            new FunctionHook(CALL + "fsync", "sys_fsync", Operation.FSYNC, true),
                            new FunctionHook(CALL + "fdatasync", "sys_fdatasync", Operation.FSYNC, true),
                            new FunctionHook("vfs_fsync_range", "fsync_range", Operation.FSYNC, true),
                            new FunctionHook("sync_file_range", "sync_file_range", Operation.FSYNC, false),
                            new FunctionHook("ksys_sync", "sync", Operation.FSYNC, false),
                            new FunctionHook(CALL + "syncfs", "sys_syncfs", Operation.FSYNC, false),
                            new FunctionHook("vfs_write", "write", Operation.WRITE, true),
                            new FunctionHook("vfs_writev", "writev", Operation.WRITE, false),
                            new FunctionHook("vfs_iter_write", "iter_write", Operation.WRITE, false)),
                    Stream.of("fsync", "fdatasync", "syncfs")
                            .filter(call -> !ARM) // one function for programs of either size
                            .map(call -> new FunctionHook(CALL_32 + call, PROGRAM_32 + call, Operation.FSYNC, false)))
            .toList();

    /** A system call and how many arguments it has: what {@link #TRACEPOINT} attaches to one by one. */
    record SystemCall(String name, int arguments, Operation operation) {
        String entryProgram() {
            return "sys_enter_tracepoint_" + arguments;
        }
    }

    /** The program at the exit of every call. */
    static final String EXIT_TRACEPOINT = "sys_exit_tracepoint";

    static final List<SystemCall> SYSTEM_CALLS = List.of(
            new SystemCall("fsync", 1, Operation.FSYNC),
            new SystemCall("fdatasync", 1, Operation.FSYNC),
            new SystemCall("sync_file_range", 4, Operation.FSYNC),
            new SystemCall("syncfs", 1, Operation.FSYNC),
            new SystemCall("sync", 0, Operation.FSYNC),
            new SystemCall("msync", 3, Operation.FSYNC),
            new SystemCall("write", 3, Operation.WRITE),
            new SystemCall("pwrite64", 4, Operation.WRITE),
            new SystemCall("writev", 3, Operation.WRITE),
            new SystemCall("pwritev", 5, Operation.WRITE),
            new SystemCall("pwritev2", 6, Operation.WRITE));
}
