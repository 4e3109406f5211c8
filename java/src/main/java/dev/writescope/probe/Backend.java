package dev.writescope.probe;

import java.util.List;

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
        String exit(Backend backend) {
            return program + (backend == FENTRY ? "_fexit" : "_kretprobe");
        }

        String entry(Backend backend) {
            return program + (backend == FENTRY ? "_fentry" : "_kprobe");
        }
    }

    /** What {@link #FENTRY} and {@link #KPROBE} hook. Those not required may be inlined in some kernel builds. */
    static final List<FunctionHook> FUNCTIONS = List.of(
            new FunctionHook("vfs_fsync_range", "fsync_range", Operation.FSYNC, true),
            new FunctionHook("sync_file_range", "sync_file_range", Operation.FSYNC, false),
            new FunctionHook("ksys_sync", "sync", Operation.FSYNC, false),
            new FunctionHook("sync_filesystem", "syncfs", Operation.FSYNC, false),
            new FunctionHook("vfs_write", "write", Operation.WRITE, true),
            new FunctionHook("vfs_writev", "writev", Operation.WRITE, false),
            new FunctionHook("vfs_iter_write", "iter_write", Operation.WRITE, false));

    /** The system calls of an operation: what {@link #TRACEPOINT} attaches to one by one. */
    static List<String> systemCalls(Operation operation) {
        return switch (operation) {
            case FSYNC -> List.of("fsync", "fdatasync", "sync_file_range", "syncfs", "sync", "msync");
            case WRITE -> List.of("write", "pwrite64", "writev", "pwritev", "pwritev2");
            case BLOCK -> List.of();
        };
    }
}
