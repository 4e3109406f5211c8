package dev.writescope.explain;

import dev.writescope.evidence.Evidence.DeviceLoad;
import dev.writescope.latency.Regression;
import dev.writescope.probe.Operation;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether somebody has reason to ask why.
 *
 * <p>An operation is <i>unusual</i> when it has regressed, when a tail of it is longer than a device of its class has
 * reason for, or when a thread would do little else but wait for it. It is <i>noticeable</i> when it is longer than on a
 * good device: then what is specific, such as a limit or a neighbour, is still worth naming; a rule that could as well
 * describe a healthy container on a slow disk keeps silent.
 *
 * @param unusual why, in words with figures; empty when it is usual
 * @param noticeable also true when it is unusual
 */
record Severity(List<String> unusual, boolean noticeable) {
    /** A sync is up to four requests one after the other; a flash device, virtual or not, has no reason to need more. */
    static final long SLOW_SYNC_FLASH_NS = 20_000_000;
    /** Four times seek and turn of a disk, and some margin; for a device nobody knows as well. */
    static final long SLOW_SYNC_DISK_NS = 100_000_000;
    /** A buffered write copies to memory: one that takes as long as a disk's seek has been held up. */
    static final long SLOW_WRITE_NS = 10_000_000;
    /** A single operation so long is felt by whoever waits for it. */
    static final long STALL_NS = 1_000_000_000;
    /** One or two blips prove nothing. */
    static final int SLOW_ONES = 3;
    /** Half of what a thread can do. */
    static final double BUSY_THREADS = 0.5;
    /** What a sync takes at most on a good flash device, its flush included. */
    static final long NOTICEABLE_SYNC_NS = 5_000_000;
    /** A hundred times what copying a page takes. */
    static final long NOTICEABLE_WRITE_NS = 1_000_000;

    Severity {
        unusual = List.copyOf(unusual);
    }

    boolean isUnusual() {
        return !unusual.isEmpty();
    }

    /** What may name a cause that is specific: a share from here on, 0 to 1; more than 1 for none at all. */
    double leastShare() {
        if (isUnusual()) {
            return Explainer.LEAST_SHARE;
        }
        return noticeable ? Explainer.LEAST_SHARE_IF_USUAL : Double.POSITIVE_INFINITY;
    }

    static Severity of(Victim victim) {
        List<String> unusual = new ArrayList<>();
        boolean sync = victim.operation() == Operation.FSYNC;
        Regression regression = victim.regression();
        if (regression != null) {
            unusual.add(Words.quantile(regression.quantile()) + " rose from " + Words.duration(regression.baselineNs())
                    + " to " + Words.duration(regression.currentNs()));
        }
        long slow = sync ? slowSync(victim) : SLOW_WRITE_NS;
        long p99 = victim.total().percentileNs(99);
        if (p99 >= slow && atLeast(victim, slow) >= SLOW_ONES) {
            unusual.add("P99 is " + Words.duration(p99) + ", and a device of its class has no reason for "
                    + Words.duration(slow));
        }
        if (victim.total().maxNs() >= STALL_NS) {
            unusual.add("one took " + Words.duration(victim.total().maxNs()));
        }
        if (victim.waitingThreads() >= BUSY_THREADS) {
            unusual.add(
                    "in every second " + Words.duration(victim.waitingThreads() * 1e9) + " are spent waiting in it");
        }
        long noticeable = sync ? NOTICEABLE_SYNC_NS : NOTICEABLE_WRITE_NS;
        return new Severity(unusual, !unusual.isEmpty() || p99 >= noticeable);
    }

    private static long slowSync(Victim victim) {
        return victim.devices()
                        .load(victim.device())
                        .map(DeviceLoad::rotational)
                        .orElse(true)
                ? SLOW_SYNC_DISK_NS
                : SLOW_SYNC_FLASH_NS;
    }

    private static long atLeast(Victim victim, long ns) {
        long[] count = {0};
        // A bucket's value is its lowest, up to 1 % below the latency.
        victim.total().latencies().forEach((value, times) -> count[0] += value >= ns - ns / 100 ? times : 0);
        return count[0];
    }
}
