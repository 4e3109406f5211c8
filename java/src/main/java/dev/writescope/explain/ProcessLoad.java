package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence;
import dev.writescope.evidence.Evidence.ProcessIo;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * A process as the kernel's own counters see it, whatever was traced of it.
 *
 * @param writtenBytes a second, made dirty or written directly; of them cancelledBytes never came to a disk
 * @param delayNs its main thread waited for block I/O; -1 if the kernel does not count that
 */
public record ProcessLoad(
        Container container, int pid, String comm, double writtenBytes, double cancelledBytes, long delayNs) {
    private static final int MOST = 5;

    /** Those that wrote most and those that were delayed longest, in turns; what wrote most is first. */
    static List<ProcessLoad> of(Evidence evidence) {
        List<ProcessIo> writers = most(evidence, ProcessIo::writtenBytes);
        List<ProcessIo> delayed = most(evidence, ProcessIo::delayNs);
        Set<ProcessIo> chosen = new LinkedHashSet<>();
        for (int i = 0; i < MOST; i++) {
            writers.stream().skip(i).limit(1).forEach(chosen::add);
            delayed.stream().skip(i).limit(1).forEach(chosen::add);
        }
        double seconds = Math.max(1, evidence.duration().toNanos()) / 1e9;
        return chosen.stream()
                .limit(MOST)
                .sorted(Comparator.comparingLong(ProcessIo::writtenBytes).reversed())
                .map(io -> new ProcessLoad(
                        io.container(),
                        io.pid(),
                        io.comm(),
                        io.writtenBytes() / seconds,
                        io.cancelledBytes() / seconds,
                        io.delayNs()))
                .toList();
    }

    private static List<ProcessIo> most(Evidence evidence, ToLongFunction<ProcessIo> amount) {
        return evidence.processes().stream()
                .filter(io -> amount.applyAsLong(io) > 0)
                .sorted(Comparator.comparingLong(amount).reversed())
                .limit(MOST)
                .toList();
    }
}
