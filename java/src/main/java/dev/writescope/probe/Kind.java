package dev.writescope.probe;

/** The kind of an operation, in the order of enum kind in bpf/events.h. */
public enum Kind {
    FSYNC(Operation.FSYNC, "fsync"),
    FDATASYNC(Operation.FSYNC, "fdatasync"),
    SYNC_FILE_RANGE(Operation.FSYNC, "sync_file_range"),
    SYNCFS(Operation.FSYNC, "syncfs"),
    SYNC(Operation.FSYNC, "sync"),
    MSYNC(Operation.FSYNC, "msync"),
    /** The sync part of a write to a file opened with O_SYNC or O_DSYNC, or made with RWF_DSYNC. */
    OSYNC(Operation.FSYNC, "osync"),
    BUFFERED(Operation.WRITE, "buffered"),
    DIRECT(Operation.WRITE, "direct"),
    /** A write that returns only when its data is durable; its sync part is also counted as {@link #OSYNC}. */
    SYNCHRONOUS(Operation.WRITE, "sync"),
    BLOCK_READ(Operation.BLOCK, "read"),
    BLOCK_WRITE(Operation.BLOCK, "write"),
    BLOCK_FLUSH(Operation.BLOCK, "flush"),
    BLOCK_DISCARD(Operation.BLOCK, "discard"),
    /**
     * Overlay copies a file up from a lower layer, in the open(2) that is the first for writing; only with waits. Not in
     * the percentiles of writes: no call wrote anything yet.
     */
    COPY_UP(Operation.WRITE, "copy_up");

    private static final Kind[] BY_CODE = values();

    private final Operation operation;
    private final String label;

    Kind(Operation operation, String label) {
        this.operation = operation;
        this.label = label;
    }

    public Operation operation() {
        return operation;
    }

    /** The value of "kind" in JSON and recordings; unique within its operation. */
    public String label() {
        return label;
    }

    /** Whether it is judged by itself: its latencies have nothing in common with those of the other kinds. */
    public boolean isJudgedAlone() {
        return operation == Operation.BLOCK || this == COPY_UP;
    }

    /** What the BPF programs send for it. */
    @SuppressWarnings("EnumOrdinal")
    public int code() {
        return ordinal();
    }

    /**
     * The kind that a code stands for.
     *
     * @throws IndexOutOfBoundsException for a code that is none
     */
    public static Kind ofCode(int code) {
        return BY_CODE[code];
    }
}
