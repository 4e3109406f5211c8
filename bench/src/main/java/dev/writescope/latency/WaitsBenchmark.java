package dev.writescope.latency;

import com.sun.management.ThreadMXBean;
import dev.writescope.container.Container;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Mount;
import dev.writescope.probe.CommitRecord;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.RequestRecord;
import dev.writescope.probe.Wait;
import dev.writescope.probe.WaitRecord;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What it costs the draining thread to take an fsync apart: sixteen containers whose fsyncs wait for a request of their
 * own and for a commit that eight of them share, decoded records to shares, drained twenty at a time. Prints the median
 * of passes in ns of CPU time per fsync, the requests and commits that belong to it included, the median of flips, and what is
 * allocated.
 *
 * <p>Arguments: NAME PASSES
 */
public final class WaitsBenchmark {
    private static final int CONTAINERS = 16;
    private static final int DISK = 8 << 20;
    private static final int EXT4 = 0xEF53;
    private static final int FSYNCS = 5_000;
    /** Of all containers together. */
    private static final long EVERY_NS = 200_000;

    private static final long DATA_NS = 900_000;
    private static final long COMMIT_NS = 1_600_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Container[] containers = new Container[CONTAINERS + 1];
    private final IntervalRecorder recorder = new IntervalRecorder(2, Duration.ofSeconds(1), new Names() {
        @Override
        public Container container(IdSpace space, long cgroup) {
            return cgroup < 1 || cgroup > CONTAINERS ? Container.UNATTRIBUTED : containers[(int) cgroup];
        }

        @Override
        public @Nullable Mount mount(IdSpace space, long cgroup, int mount) {
            return null;
        }
    });
    private long now = 1_000_000_000_000L;
    private int number;

    private WaitsBenchmark() {
        for (int i = 0; i <= CONTAINERS; i++) {
            containers[i] = new Container(Container.Type.CONTAINER, "c" + i, "id" + i, "ctr", "", "", "", "", "");
        }
    }

    static void main(String[] arguments) {
        int passes = Integer.parseInt(arguments[1]);
        WaitsBenchmark benchmark = new WaitsBenchmark();
        double[] perFsync = new double[passes];
        double[] flips = new double[passes];
        long allocated = 0;
        for (int pass = -passes; pass < passes; pass++) { // the first half is for the compiler
            int at = Math.max(pass, 0);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long start = THREADS.getCurrentThreadCpuTime();
            benchmark.second();
            perFsync[at] = (THREADS.getCurrentThreadCpuTime() - start) / (double) FSYNCS;
            allocated += pass < 0 ? 0 : THREADS.getCurrentThreadAllocatedBytes() - before;
            start = THREADS.getCurrentThreadCpuTime();
            benchmark.flip();
            flips[at] = THREADS.getCurrentThreadCpuTime() - start;
        }
        String name = "waits." + arguments[0];
        System.out.printf("%s.fsync\t%.1f%n", name, median(perFsync));
        System.out.printf("%s.flip\t%.0f%n", name, median(flips));
        System.out.printf("%s.allocated\t%.1f%n", name, allocated / (double) passes / FSYNCS);
    }

    private void second() {
        for (int i = 0; i < FSYNCS; i++) {
            fsync();
            if (number % 20 == 0) {
                recorder.drained();
            }
        }
    }

    private void fsync() {
        number++;
        now += EVERY_NS;
        long cgroup = 1L + number % CONTAINERS;
        long data = now - COMMIT_NS;
        long start = data - DATA_NS;
        recorder.request(new RequestRecord(
                cgroup, Kind.BLOCK_WRITE.code(), DISK, start, start + 100_000, data, 4096L * number, 16_384));
        if (number % 8 == 0) {
            recorder.request(new RequestRecord(
                    0, Kind.BLOCK_WRITE.code(), DISK, now - 900_000, now - 800_000, now, 8L * number, 8_192));
            recorder.commit(
                    new CommitRecord(DISK, number, now - 1_500_000, now - 1_400_000, now - 900_000, now - 1_000));
        }
        recorder.waited(new WaitRecord(
                Kind.FSYNC.code(),
                cgroup,
                DATA_NS + COMMIT_NS + 50_000,
                now,
                DISK,
                DISK,
                61,
                EXT4,
                101,
                103,
                10_000,
                List.of(new Wait(Wait.Cause.DATA, DATA_NS, data, 1), new Wait(Wait.Cause.COMMIT, COMMIT_NS, now, 1))));
    }

    private void flip() {
        IntervalRecorder.Flip flip = recorder.flip(Instant.EPOCH, Duration.ofSeconds(1), Losses.NONE);
        flip.interval().series().forEach(each -> recorder.pool().giveBack(each.latencies()));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
