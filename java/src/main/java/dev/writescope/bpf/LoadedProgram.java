package dev.writescope.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A program that somebody has loaded into the kernel.
 *
 * @param id the kernel's number for it
 * @param type BPF_PROG_TYPE_*
 */
public record LoadedProgram(int id, int type, String name) {
    /** kprobe, tracepoint, perf_event, raw_tracepoint (and its writable kind), tracing. */
    private static final Set<Integer> TRACING_TYPES = Set.of(2, 5, 7, 17, 24, 26);

    private static final int MOST = 10_000;
    private static final int INFO_SIZE = 80;
    private static final int NAME = 64;

    /** Whether it runs at places in the kernel, rather than for network packets, cgroups or the like. */
    public boolean isTracing() {
        return TRACING_TYPES.contains(type);
    }

    /**
     * All there are, ours included.
     *
     * @throws BpfException without CAP_SYS_ADMIN
     */
    public static List<LoadedProgram> all() throws BpfException {
        Libbpf libbpf = Libbpf.get();
        List<LoadedProgram> programs = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment id = arena.allocate(ValueLayout.JAVA_INT);
            while (programs.size() < MOST) {
                int error = (int) libbpf.programNextId.call(id.get(ValueLayout.JAVA_INT, 0), id.address());
                if (error == -Errno.ENOENT) {
                    break;
                }
                if (error < 0) {
                    throw new BpfException("cannot list BPF programs", -error);
                }
                int descriptor = (int) libbpf.programById.call(id.get(ValueLayout.JAVA_INT, 0));
                if (descriptor >= 0) {
                    programs.add(of(descriptor, arena));
                    Libc.close(descriptor);
                }
            }
        }
        return programs;
    }

    private static LoadedProgram of(int descriptor, Arena arena) {
        MemorySegment info = arena.allocate(INFO_SIZE, 8);
        MemorySegment size = arena.allocate(ValueLayout.JAVA_INT);
        size.set(ValueLayout.JAVA_INT, 0, INFO_SIZE);
        Libbpf.get().objectInfo.call(descriptor, info.address(), size.address());
        return new LoadedProgram(
                info.get(ValueLayout.JAVA_INT, 4), info.get(ValueLayout.JAVA_INT, 0), info.getString(NAME));
    }
}
