package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence.DirtyMemory;
import dev.writescope.latency.Activity;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Stage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        Belief belief = new Belief()
                .because("balance_dirty_pages paused its writes for " + Words.percent(share) + " of the time");
        boolean hosts = isNearHostsLimit(victim.evidence().dirty());
        Optional<MemoryLimit> limit = memory(victim, hosts, belief);
        List<Activity> dirtying = dirtying(victim, hosts, limit.isPresent());
        Map<Container, Long> byContainer = dirtying.stream()
                .collect(Collectors.groupingBy(
                        Activity::container, LinkedHashMap::new, Collectors.summingLong(Activity::bytes)));
        double all = Math.max(
                1, byContainer.values().stream().mapToLong(Long::longValue).sum());
        Container most = byContainer.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(victim.container());
        double part = byContainer.getOrDefault(most, 0L) / all;
        boolean own = most.equals(victim.container());
        belief.weigh(
                part >= Explainer.MOST,
                Words.name(most) + " makes " + Words.percent(part) + " of the buffered writes "
                        + (hosts ? "of the host" : "to " + victim.devices().shown(victim.device())),
                dirtying.isEmpty()
                        ? "who dirties the memory was not measured"
                        : "no one makes most of the buffered writes: " + Words.name(most) + " makes "
                                + Words.percent(part));
        dirtying.stream().limit(2).forEach(act -> belief.because(Words.activity(act, victim.seconds())));
        double rate = byContainer.getOrDefault(most, 0L) / victim.seconds();
        String device = dirtying.stream()
                .filter(act -> act.container().equals(most))
                .map(act -> victim.devices().real(most, act.place()))
                .filter(real -> !real.isEmpty())
                .findFirst()
                .orElse(victim.device());
        return Cause.ofTime(
                        Cause.Name.DIRTY_THROTTLING,
                        own ? "" : Words.name(most),
                        share,
                        "Its writes are paused because "
                                + limit.map(each -> "its memory limit lets only " + Words.bytes(each.mayBeDirty())
                                                + " be dirty: ")
                                        .orElse("more is dirty than is written out in time: ")
                                + (own ? "it writes " : Words.name(most) + " writes ")
                                + (rate > 0 ? Words.bytes(rate) + "/s" : "faster than that")
                                + (victim.devices().same(device, victim.device())
                                        ? ""
                                        : " to " + victim.devices().shown(device)),
                        belief,
                        limit.map(each -> Memory.limited(victim, each))
                                .orElseGet(() -> Memory.remedies(victim, own ? null : most, device, rate)))
                .stream()
                .toList();
    }

    /** The most bytes first: of its own memory only itself makes too much dirty, of the host's anybody, wherever to. */
    private static List<Activity> dirtying(Victim victim, boolean hosts, boolean own) {
        return (hosts ? victim.activity() : victim.activityHere(each -> true))
                .stream()
                        .filter(each -> each.kind() == Kind.BUFFERED)
                        .filter(each -> !own || each.container().equals(victim.container()))
                        .toList();
    }

    private static boolean isNearHostsLimit(DirtyMemory dirty) {
        return dirty.thresholdBytes() > 0 && dirty.dirtyBytes() >= NEAR_LIMIT * dirty.thresholdBytes();
    }

    /** The limit of the cgroup that pauses it; none where the host's does, or nobody knows. */
    private static Optional<MemoryLimit> memory(Victim victim, boolean hosts, Belief belief) {
        DirtyMemory dirty = victim.evidence().dirty();
        if (dirty.thresholdBytes() <= 0) {
            belief.but("how much memory was dirty is not known");
            return Optional.empty();
        }
        String figures = Words.bytes(dirty.dirtyBytes()) + " were dirty at most, of "
                + Words.bytes(dirty.thresholdBytes()) + " that may be";
        if (hosts) {
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
