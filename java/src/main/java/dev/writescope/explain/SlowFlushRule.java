package dev.writescope.explain;

import dev.writescope.evidence.Evidence.DeviceLoad;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Stage;
import java.util.List;

/** The device takes its time to empty its write cache, which every sync asks for. */
final class SlowFlushRule implements Rule {
    /** A flush writes what many writes left in the cache: some times a write is no surprise, more is. */
    static final double TIMES_A_WRITE = 4;
    /** What a good device needs for one at most. */
    static final double LEAST_MS = 5;
    /** For a quarter of them to be more than one. */
    private static final int LEAST_WRITES = 8;

    @Override
    public List<Cause> causes(Victim victim, double left) {
        double flush = victim.share(Stage.FLUSH);
        double withCommit = flush + victim.share(Stage.COMMIT_LOG, Stage.COMMIT);
        double flushMs = meanMs(
                victim,
                Kind.BLOCK_FLUSH,
                victim.load().map(DeviceLoad::flushAwaitMs).orElse(Double.NaN));
        double writeMs =
                plainWriteMs(victim, victim.load().map(DeviceLoad::writeAwaitMs).orElse(Double.NaN));
        boolean slow = flushMs >= LEAST_MS && flushMs >= TIMES_A_WRITE * writeMs;
        double share = flush >= victim.severity().leastShare() || !slow ? flush : withCommit;
        if (!victim.severity().isUnusual() || share < victim.severity().leastShare() || !(flushMs >= LEAST_MS)) {
            return List.of();
        }
        Belief belief = new Belief()
                .because("the device's flushes take " + Words.percent(share) + " of the time")
                .weigh(
                        slow,
                        "a flush takes " + Words.duration(flushMs * 1e6) + ", a write " + Words.duration(writeMs * 1e6),
                        Double.isNaN(writeMs)
                                ? "a flush takes " + Words.duration(flushMs * 1e6)
                                        + ", and what a write takes is not known"
                                : "a flush takes " + Words.duration(flushMs * 1e6)
                                        + ", and a write is not much faster: " + Words.duration(writeMs * 1e6))
                .but(flush < share, "how much of a commit's end is the flush was not measured");
        victim.load()
                .filter(load -> !load.writeCache().isEmpty())
                .ifPresent(load -> belief.weigh(
                        !load.writeCache().contains("through"),
                        "its write cache is \"" + Words.name(load.writeCache()) + "\"",
                        "its write cache is \"write through\", so that a flush has nothing to do"));
        return Cause.ofTime(
                        Cause.Name.SLOW_FLUSH,
                        "",
                        share,
                        "The device " + victim.devices().shown(victim.device()) + " takes "
                                + Words.duration(flushMs * 1e6)
                                + " to empty its write cache, and every sync waits for that",
                        belief,
                        Syncs.slowFlush(victim))
                .stream()
                .toList();
    }

    /**
     * A write that carries no flush. A journal's commit record does, and counts as a write: the quicker quarter of the
     * requests has none of those.
     */
    private static double plainWriteMs(Victim victim, double counted) {
        return victim.observed().series().stream()
                .filter(each -> each.key().kind() == Kind.BLOCK_WRITE
                        && each.key().stage() == Stage.TOTAL
                        && each.count() >= LEAST_WRITES
                        && victim.isOn(each.key().place().device()))
                .mapToDouble(each -> each.percentileNs(25) / 1e6)
                .min()
                .orElse(counted);
    }

    /** Of the requests that were seen on the device, else as the device's counters say. */
    private static double meanMs(Victim victim, Kind kind, double counted) {
        long sum = 0;
        long count = 0;
        for (SeriesInterval each : victim.observed().series()) {
            boolean here = each.key().kind() == kind
                    && each.key().stage() == Stage.TOTAL
                    && victim.isOn(each.key().place().device());
            sum += here ? each.sumNs() : 0;
            count += here ? each.count() : 0;
        }
        return count > 0 ? sum / 1e6 / count : counted;
    }
}
