package dev.writescope.bpf;

/** The capabilities that matter here, with the kernel's numbers (include/uapi/linux/capability.h). */
public enum Capability {
    DAC_OVERRIDE(1),
    DAC_READ_SEARCH(2),
    KILL(5),
    SYS_PTRACE(19),
    SYS_ADMIN(21),
    SYS_NICE(23),
    SYS_RESOURCE(24),
    SYSLOG(34),
    PERFMON(38),
    BPF(39);

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    /** Its bit in the masks of /proc/PID/status. */
    public long bit() {
        return 1L << number;
    }

    /**
     * Gives up all other capabilities of the calling thread, for good. Threads it starts later inherit that; the JVM's
     * own keep what they have. A program that root starts gets root's capabilities again.
     */
    public static void keepOnly(Capability... kept) {
        long mask = 0;
        for (Capability each : kept) {
            mask |= each.bit();
        }
        Libc.limitCapabilities(mask);
    }
}
