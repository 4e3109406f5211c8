package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence.DirtyMemory;
import dev.writescope.latency.Activity;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Stage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whoever dirties memory faster than it is written out is made to pause. */
final class DirtyThrottlingRule implements Rule {
    /** The kernel slows writers down from midway between the background threshold and the limit on. */
    static final double NEAR_LIMIT = 0.5;

    @Override
    public List<Cause> causes(Victim victim, double left) {
        double share = victim.share(Stage.DIRTY_THROTTLED);
        if (share < victim.severity().leastShare()) {
            return List.of();
        }
        List<Activity> dirtying = victim.activityHere(each -> each.kind() == Kind.BUFFERED);
        var byContainer = dirtying.stream()
                .collect(Collectors.groupingBy(Activity::container, Collectors.summingLong(Activity::bytes)));
        double all = Math.max(
                1, byContainer.values().stream().mapToLong(Long::longValue).sum());
        Container most = dirtying.isEmpty()
                ? victim.container()
                : byContainer.entrySet().stream()
                        .max(java.util.Map.Entry.comparingByValue())
                        .orElseThrow()
                        .getKey();
        double part = byContainer.getOrDefault(most, 0L) / all;
        boolean own = most.equals(victim.container());
        Belief belief = new Belief()
                .because("balance_dirty_pages paused its writes for " + Words.percent(share) + " of the time")
                .weigh(
                        !dirtying.isEmpty(),
                        Words.name(most) + " makes " + Words.percent(part) + " of the buffered writes to "
                                + victim.devices().shown(victim.device()),
                        "who dirties the memory was not measured");
        Optional<MemoryLimit> limit = memory(victim, belief);
        dirtying.stream().limit(2).forEach(act -> belief.because(Words.activity(act, victim.seconds())));
        double rate = byContainer.getOrDefault(most, 0L) / victim.seconds();
        return Cause.ofTime(
                        Cause.Name.DIRTY_THROTTLING,
                        own ? "" : Words.name(most),
                        share,
                        "Its writes are paused because "
                                + limit.map(each -> "its memory limit lets only " + Words.bytes(each.mayBeDirty())
                                                + " be dirty: ")
                                        .orElse("more is dirty than the device writes out in time: ")
                                + (own ? "it writes " : Words.name(most) + " writes ")
                                + (rate > 0 ? Words.bytes(rate) + "/s" : "faster than that"),
                        belief,
                        limit.map(each -> Memory.limited(victim, each))
                                .orElseGet(() -> Memory.remedies(victim, own ? null : most, rate)))
                .stream()
                .toList();
    }

    /** The limit of the cgroup that pauses it; none where the host's does, or nobody knows. */
    private static Optional<MemoryLimit> memory(Victim victim, Belief belief) {
        DirtyMemory dirty = victim.evidence().dirty();
        if (dirty.thresholdBytes() <= 0) {
            belief.but("how much memory was dirty is not known");
            return Optional.empty();
        }
        double used = (double) dirty.dirtyBytes() / dirty.thresholdBytes();
        String figures = Words.bytes(dirty.dirtyBytes()) + " were dirty at most, of "
                + Words.bytes(dirty.thresholdBytes()) + " that may be";
        if (used >= NEAR_LIMIT) {
            belief.because(figures);
            return Optional.empty();
        }
        Optional<MemoryLimit> limit = MemoryLimit.of(victim);
        belief.weigh(
                limit.isPresent(),
                limit.map(MemoryLimit::shown).orElse("") + "; on the host " + figures,
                "on the host " + figures + ": the limit is the cgroup's memory or the device's own");
        return limit;
    }
}
