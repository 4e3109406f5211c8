package dev.writescope.bpf;

/** The kernel's memory, as far as its counters need it. */
public final class Memory {
    /** Bytes of a page, which the kernel counts in. */
    public static final long PAGE_SIZE = Libc.PAGE_SIZE;

    private Memory() {}
}
