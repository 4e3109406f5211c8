package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence.CgroupIo;
import dev.writescope.evidence.Evidence.DeviceLoad;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Share;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** Another container's requests hold the device while the victim's wait. */
final class NeighbourDeviceRule implements Rule {
    /** As iostat counts, a device that is busy for more has no room for bursts; it over- and understates, so not 100 %. */
    static final double BUSY = 0.8;
    /** Below, a request met an idle device as often as not. */
    static final double IDLE = 0.5;

    @Override
    public List<Cause> causes(Victim victim, double left) {
        List<Cause> causes = new ArrayList<>();
        for (Victim.Held held : victim.held(Share.Resource.DEVICE)) {
            if (isNeighbour(victim, held.holder())
                    && held.share() >= victim.severity().leastShare()) {
                attributed(victim, held).ifPresent(causes::add);
            }
        }
        if (causes.isEmpty()) {
            unattributed(victim).ifPresent(causes::add);
        }
        return causes;
    }

    static boolean isNeighbour(Victim victim, Container container) {
        return container.type() == Container.Type.CONTAINER && !container.equals(victim.container());
    }

    private static Optional<Cause> attributed(Victim victim, Victim.Held held) {
        Container neighbour = held.holder();
        String device = victim.placeOn(held.device());
        List<Activity> acts = victim.activityHere(each -> each.container().equals(neighbour)
                && victim.devices().same(victim.devices().real(neighbour, each.place()), device));
        Belief belief = new Belief()
                .because("for " + Words.percent(held.share()) + " of the time its requests waited while those of "
                        + Words.name(neighbour) + " held " + victim.devices().shown(device));
        busy(victim, device, belief);
        acts.stream().limit(2).forEach(act -> belief.because(Words.activity(act, victim.seconds())));
        return cause(victim, neighbour, device, held.share(), acts, belief);
    }

    /** In cgroup v1 the kernel charges nobody with buffered writes. */
    private static Optional<Cause> unattributed(Victim victim) {
        double share = victim.holders(Share.Resource.DEVICE).getOrDefault(Container.UNATTRIBUTED, 0.0);
        List<Activity> buffered = victim.activityHere(each -> each.kind() == Kind.BUFFERED);
        if (share < victim.severity().leastShare() || buffered.isEmpty()) {
            return Optional.empty();
        }
        Container neighbour = buffered.getFirst().container();
        double all = buffered.stream().mapToLong(Activity::bytes).sum();
        List<Activity> acts = buffered.stream()
                .filter(act -> act.container().equals(neighbour))
                .toList();
        double part = acts.stream().mapToLong(Activity::bytes).sum() / Math.max(1, all);
        // Without more of the writing than all others together it is no more likely than they are.
        if (!isNeighbour(victim, neighbour)
                || part < Explainer.MOST
                || share * part < victim.severity().leastShare()) {
            return Optional.empty();
        }
        Belief belief = new Belief()
                .because("for " + Words.percent(share) + " of the time requests without an owner held the device")
                .because(Words.name(neighbour) + " makes " + Words.percent(part)
                        + " of the buffered writes to its file system")
                .but("the kernel does not say whose buffered writes the requests are");
        busy(victim, victim.device(), belief);
        acts.stream().limit(2).forEach(act -> belief.because(Words.activity(act, victim.seconds())));
        return cause(victim, neighbour, victim.device(), share * part, acts, belief);
    }

    private static Optional<Cause> cause(
            Victim victim, Container neighbour, String device, double share, List<Activity> acts, Belief belief) {
        long called = acts.stream().mapToLong(Activity::bytes).sum();
        double writes = Math.max(counted(victim, neighbour, device, CgroupIo::writtenBytes), called) / victim.seconds();
        double reads = counted(victim, neighbour, device, CgroupIo::readBytes) / victim.seconds();
        double rate = writes + reads;
        boolean buffered = acts.stream().anyMatch(act -> act.kind() == Kind.BUFFERED);
        List<Remedy> remedies = new ArrayList<>();
        remedies.add(Limits.onNeighbour(victim, neighbour, device, writes, reads, buffered));
        remedies.addAll(Layout.ownDevice(victim));
        return Cause.ofTime(
                Cause.Name.NEIGHBOUR_DEVICE,
                Words.name(neighbour),
                share,
                Words.name(neighbour) + " keeps " + victim.devices().shown(device) + " busy"
                        + (rate > 0 ? " with " + Words.bytes(rate) + "/s" : "")
                        + victim.load(device)
                                .map(load -> ", " + Words.percent(Math.min(1, load.utilisation())) + " utilised")
                                .orElse(""),
                belief,
                remedies);
    }

    /** What its cgroup counted for the device; 0 if that is not known. */
    private static long counted(Victim victim, Container neighbour, String device, ToLongFunction<CgroupIo> what) {
        return victim.evidence().cgroups().stream()
                .filter(io ->
                        io.container().equals(neighbour) && victim.devices().same(io.device(), device))
                .mapToLong(what)
                .max()
                .orElse(0);
    }

    /** Whether the device was as busy as waiting for it supposes. */
    static void busy(Victim victim, String device, Belief belief) {
        Optional<DeviceLoad> load = victim.load(device);
        if (load.isEmpty()) {
            belief.but("how busy the device was is not known");
            return;
        }
        DeviceLoad is = load.get();
        String figures = is.name() + " was busy for " + Words.percent(Math.min(1, is.utilisation()))
                + " of the time, with "
                + Words.figure(is.queueSize()) + " requests at once and " + Words.duration(is.writeAwaitMs() * 1e6)
                + " for a write";
        if (is.utilisation() >= BUSY) {
            belief.because(figures);
        } else {
            belief.but(is.utilisation() < IDLE, figures).because(is.utilisation() >= IDLE, figures);
        }
    }

    static double waits(Victim victim) {
        return victim.share(Stage.QUEUE, Stage.DEVICE);
    }
}
