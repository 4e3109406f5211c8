package dev.writescope.explain;

import dev.writescope.evidence.Evidence.DeviceLoad;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Share;
import java.util.List;
import java.util.Optional;

/** Nobody else is in its way: it asks more of the device than it can do, or the device is slow as it is. */
final class OwnLoadRule implements Rule {
    /** So many requests at once stand in each other's way on one disk. */
    static final double CROWDED = 4;
    /** A request alone on a flash device has no reason to need more. */
    static final double SLOW_FLASH_MS = 10;
    /** Nor on a disk: a few seeks and turns. */
    static final double SLOW_DISK_MS = 40;

    @Override
    public List<Cause> causes(Victim victim, double left) {
        double waits = Math.min(left, NeighbourDeviceRule.waits(victim));
        Optional<DeviceLoad> load = victim.load();
        if (!victim.severity().isUnusual() || waits < victim.severity().leastShare() || load.isEmpty()) {
            return List.of();
        }
        DeviceLoad is = load.get();
        if (is.utilisation() >= NeighbourDeviceRule.BUSY && is.queueSize() >= CROWDED) {
            var holders = victim.holders(Share.Resource.DEVICE);
            double own = holders.getOrDefault(victim.container(), 0.0);
            double all =
                    holders.values().stream().mapToDouble(Double::doubleValue).sum();
            return own < Explainer.MOST * all
                    ? List.of()
                    : saturated(victim, Math.min(left, own)).stream().toList();
        }
        double slow = is.rotational() ? SLOW_DISK_MS : SLOW_FLASH_MS;
        return is.queueSize() < CROWDED && is.writeAwaitMs() >= slow
                ? slow(victim, is, waits).stream().toList()
                : List.of();
    }

    private static Optional<Cause> saturated(Victim victim, double own) {
        if (own < victim.severity().leastShare()) {
            return Optional.empty();
        }
        List<Activity> acts = victim.activityHere(act -> act.container().equals(victim.container()));
        Belief belief = new Belief()
                .because("for " + Words.percent(own)
                        + " of the time its requests waited while others of its own held the" + " device");
        NeighbourDeviceRule.busy(victim, victim.device(), belief);
        acts.stream().limit(3).forEach(act -> belief.because(Words.activity(act, victim.seconds())));
        return Cause.ofTime(
                Cause.Name.SATURATES_ITSELF,
                "",
                own,
                "It asks more of " + victim.devices().shown(victim.device()) + " than the device can do",
                belief.but("a faster device would do as well"),
                Layout.ownDevice(victim));
    }

    private static Optional<Cause> slow(Victim victim, DeviceLoad is, double waits) {
        Belief belief = new Belief()
                .because("a write takes " + Words.duration(is.writeAwaitMs() * 1e6) + " with only "
                        + Words.figure(is.queueSize()) + " requests at once")
                .but(
                        "what is behind the device, such as a network or another machine's load, cannot be seen from here");
        return Cause.ofTime(
                Cause.Name.SLOW_DEVICE,
                "",
                waits,
                "The device " + victim.devices().shown(victim.device()) + " is slow by itself: "
                        + Words.duration(is.writeAwaitMs() * 1e6) + " for a write",
                belief,
                Layout.ownDevice(victim));
    }
}
