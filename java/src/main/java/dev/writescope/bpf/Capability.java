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
     * Gives up all other capabilities of the calling thread, for good. Threads it starts later inherit that. A program
     * that root starts gets root's capabilities again.
     *
     * <p>The JVM's own threads (compilers, garbage collector, signals) keep what they have, as the kernel lets a thread
     * change only itself. There is no simple way around that: what a launcher takes before Java starts, by the bounding
     * set, the commands of record, gate and --on-regression could never have again, which run as the user would run
     * them; and changing the user, which the C library does for all threads, changes it for those commands too and
     * makes /proc/self unreadable to us. So this makes mistakes harmless in the threads that handle data. It is no
     * sandbox: threads share their memory, and who may load programs into the kernel is as good as root.
     */
    public static void keepOnly(Capability... kept) {
        long mask = 0;
        for (Capability each : kept) {
            mask |= each.bit();
        }
        Libc.limitCapabilities(mask);
    }
}
