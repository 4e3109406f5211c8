package dev.writescope.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the kernel counts of one program.
 *
 * @param runTimeNs time spent in it; 0 unless run-time statistics are on
 * @param runs how often it ran; 0 unless run-time statistics are on
 * @param missedRuns how often it was skipped because it was already running on that CPU; 0 before Linux 5.12
 */
public record ProgramInfo(long runTimeNs, long runs, long missedRuns) {
    /** struct bpf_prog_info up to and including recursion_misses (include/uapi/linux/bpf.h). */
    private static final int SIZE = 216;

    private static final int RUN_TIME_NS = 192;
    private static final int RUN_COUNT = 200;
    private static final int RECURSION_MISSES = 208;

    static ProgramInfo of(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(SIZE, 8);
            MemorySegment size = arena.allocate(ValueLayout.JAVA_INT);
            size.set(ValueLayout.JAVA_INT, 0, SIZE);
            if ((int) Libbpf.get().objectInfo.call(descriptor, info.address(), size.address()) < 0) {
                return new ProgramInfo(0, 0, 0);
            }
            return new ProgramInfo(
                    info.get(ValueLayout.JAVA_LONG, RUN_TIME_NS),
                    info.get(ValueLayout.JAVA_LONG, RUN_COUNT),
                    info.get(ValueLayout.JAVA_LONG, RECURSION_MISSES));
        }
    }
}
