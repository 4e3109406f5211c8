package dev.writescope.bpf;

/** As long as this is open, the kernel counts how often each program runs ({@link ProgramInfo#runs}). */
public final class RunStatistics implements AutoCloseable {
    private static final int RUN_TIME = 0;

    private final int descriptor;

    private RunStatistics(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Switches it on.
     *
     * @throws BpfException without CAP_SYS_ADMIN, or before Linux 5.8
     */
    public static RunStatistics enable() throws BpfException {
        int descriptor = (int) Libbpf.get().enableStats.call(RUN_TIME);
        if (descriptor < 0) {
            throw new BpfException("run-time statistics cannot be switched on", -descriptor);
        }
        return new RunStatistics(descriptor);
    }

    @Override
    public void close() {
        Libc.close(descriptor);
    }
}
