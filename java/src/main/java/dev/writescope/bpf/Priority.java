package dev.writescope.bpf;

/** The scheduler's view of a thread. */
public final class Priority {
    private Priority() {}

    /**
     * Lets the calling thread run before others whenever it is ready. Where that is not permitted (CAP_SYS_NICE) nothing
     * happens: then writers that fill every CPU may keep it waiting until a buffer is full.
     */
    public static void runFirst() {
        Libc.setNice(-20);
    }

    /** Lets the calling thread give way to all others of usual priority. */
    public static void giveWay() {
        Libc.setNice(10);
    }
}
