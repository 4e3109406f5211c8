package dev.writescope.latency;

import com.sun.management.ThreadMXBean;
import dev.writescope.bpf.BpfException;
import dev.writescope.bpf.Peer;
import dev.writescope.container.Container;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Mount;
import dev.writescope.probe.Drains;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Full rings and lanes into histograms: Java and C take turns, pass by pass. Prints the medians in ns per record and
 * what Java allocates.
 *
 * <p>Arguments: NAME libpeer.so fill.bpf.o DIGITS PASSES
 */
public final class DrainBenchmark {
    private static final int LANE_RECORDS = 1 << 16;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Nobody asks for names before the end of an interval. */
    private static final Names NO_NAMES = new Names() {
        @Override
        public Container container(IdSpace space, long cgroup) {
            throw new IllegalStateException("a drain asks for no names");
        }

        @Override
        public @Nullable Mount mount(IdSpace space, long cgroup, int mount) {
            throw new IllegalStateException("a drain asks for no names");
        }
    };

    private final String name;
    private final int passes;

    /** A side of the comparison. */
    private record Side(Runnable fill, IntSupplier drain) {}

    private DrainBenchmark(String name, int passes) {
        this.name = name;
        this.passes = passes;
    }

    static void main(String[] arguments) throws BpfException {
        int digits = Integer.parseInt(arguments[3]);
        Peer peer = new Peer(Path.of(arguments[1]), Path.of(arguments[2]), digits);
        IntervalRecorder recorder = new IntervalRecorder(digits, Duration.ofSeconds(1), NO_NAMES);
        DrainBenchmark benchmark = new DrainBenchmark(arguments[0], Integer.parseInt(arguments[4]));
        benchmark.compare(
                "ring",
                new Side(peer::fillOurRing, Drains.ofRing(peer.ring(), recorder)),
                new Side(peer::fillPeersRing, peer::drainRing));
        long size = Drains.laneBytes(LANE_RECORDS);
        MemorySegment ours = peer.lane(size);
        MemorySegment peers = peer.lane(size);
        benchmark.compare(
                "lane",
                new Side(() -> Peer.refill(ours, LANE_RECORDS), Drains.ofLane(ours, recorder)),
                new Side(() -> Peer.refill(peers, LANE_RECORDS), () -> peer.drainLane(peers)));
    }

    private void compare(String what, Side java, Side c) {
        double[] javaNs = new double[passes];
        double[] cNs = new double[passes];
        long records = 0;
        long allocated = 0;
        for (int pass = -passes; pass < passes; pass++) { // the first half is for the compiler
            int at = Math.max(pass, 0);
            java.fill.run();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            int drained = java.drain.getAsInt();
            javaNs[at] = (System.nanoTime() - start) / (double) drained;
            allocated += pass < 0 ? 0 : THREADS.getCurrentThreadAllocatedBytes() - before;
            records += pass < 0 ? 0 : drained;
            c.fill.run();
            start = System.nanoTime();
            drained = c.drain.getAsInt();
            cNs[at] = (System.nanoTime() - start) / (double) drained;
        }
        print(what + ".java", median(javaNs));
        print(what + ".c", median(cNs));
        print(what + ".allocated", allocated / (double) records);
    }

    private void print(String figure, double value) {
        System.out.printf("drain.%s.%s\t%.3f%n", name, figure, value);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
