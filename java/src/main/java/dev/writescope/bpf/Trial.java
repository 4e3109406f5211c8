package dev.writescope.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Finds out by trying whether this host lets a kind of program in: versions and configurations lie. */
public final class Trial {
    private static final int PROGRAM_TYPE_TRACING = 26;
    private static final int ATTACH_FENTRY = 24;
    private static final int LOAD_OPTIONS_SIZE = 40;

    /** r0 = 0; exit */
    private static final long[] RETURN_ZERO = {0x00000000000000b7L, 0x0000000000000095L};

    private Trial() {}

    /** How many CPUs the kernel may ever have. */
    public static int possibleCpus() {
        return (int) Libbpf.get().numPossibleCpus.call();
    }

    /**
     * Loads a program that does nothing at the entry of a kernel function, attaches and removes it.
     *
     * @throws BpfException with the kernel's reason
     */
    public static void fentry(String function) throws BpfException {
        Libbpf libbpf = Libbpf.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(function);
            int type = (int) libbpf.findVmlinuxBtfId.call(name.address(), ATTACH_FENTRY);
            if (type < 0) {
                throw new BpfException("no BTF for " + function, -type);
            }
            MemorySegment options = arena.allocate(LOAD_OPTIONS_SIZE, 8);
            options.set(ValueLayout.JAVA_LONG, 0, LOAD_OPTIONS_SIZE);
            options.set(ValueLayout.JAVA_INT, 12, ATTACH_FENTRY);
            options.set(ValueLayout.JAVA_INT, 32, type);
            MemorySegment code = arena.allocateFrom(ValueLayout.JAVA_LONG, RETURN_ZERO);
            int program = (int) libbpf.programLoad.call(
                    PROGRAM_TYPE_TRACING,
                    arena.allocateFrom("writescope_try").address(),
                    arena.allocateFrom("GPL").address(),
                    code.address(),
                    RETURN_ZERO.length,
                    options.address());
            if (program < 0) {
                throw new BpfException("fentry programs cannot be loaded", -program);
            }
            int link = (int) libbpf.rawTracepointOpen.call(0, program);
            Libc.close(program);
            if (link < 0) {
                throw new BpfException("fentry programs cannot be attached", -link);
            }
            Libc.close(link);
        }
    }
}
