package dev.writescope.explain;

import dev.writescope.evidence.Evidence.IoLimit;
import dev.writescope.probe.Stage;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Its own requests are held back by a limit of its cgroup. The kernel holds a request back before it is allocated, so
 * the time is none of the device's.
 */
final class OwnLimitRule implements Rule {
    /** What is read is not held back by limits of what is written, nor the other way round. */
    private static final Set<String> CAPS = Set.of("wbps", "wiops");
    /** Bursts reach a limit that the average of the window is below. */
    static final double NEAR = 0.5;

    @Override
    public List<Cause> causes(Victim victim, double left) {
        double share = victim.share(Stage.THROTTLED);
        if (share < victim.severity().leastShare()) {
            return List.of();
        }
        List<IoLimit> limits = victim.evidence().limits().stream()
                .filter(limit -> limit.container().equals(victim.container()) && CAPS.contains(limit.name()))
                .filter(limit -> limit.device().isEmpty() || victim.isOn(limit.device()))
                .sorted(Comparator.comparingDouble((IoLimit limit) -> used(victim, limit))
                        .reversed())
                .toList();
        Belief belief = new Belief()
                .because(Words.percent(share) + " of the time its writes waited before they became requests");
        if (limits.isEmpty()) {
            boolean unknown = victim.evidence().missing().stream().anyMatch(missing -> missing.contains("limit"));
            belief.but(unknown ? "limits could not be read" : "no limit was found that is set on its device")
                    .but(!unknown, "io.latency or io.cost of a neighbour could hold it back as well");
        }
        limits.forEach(limit -> belief.because(shown(victim, limit) + throttled(limit)));
        boolean counted = victim.evidence().cgroups().stream()
                .anyMatch(io -> io.container().equals(victim.container()) && victim.isOn(io.device()));
        if (!limits.isEmpty() && counted) {
            double used = used(victim, limits.getFirst());
            belief.weigh(
                    used >= NEAR,
                    "it used " + Words.percent(Math.min(1, used)) + " of that limit on average",
                    "it used only " + Words.percent(used)
                            + " of that limit on average: something else may hold it back");
        }
        String sentence = limits.isEmpty()
                ? "Its own writes are held back before they reach the device, as a limit of its cgroup would do"
                : "Its own limit " + shown(victim, limits.getFirst())
                        + " holds its writes back: the device could do more";
        return Cause.ofTime(Cause.Name.OWN_LIMIT, "", share, sentence, belief, Limits.lifting(victim, limits)).stream()
                .toList();
    }

    /** The share of a limit that its cgroup's writes made use of, as its io controller counts them. */
    private static double used(Victim victim, IoLimit limit) {
        double most = victim.evidence().cgroups().stream()
                .filter(io -> io.container().equals(victim.container())
                        && (limit.device().isEmpty()
                                ? victim.isOn(io.device())
                                : victim.devices().same(io.device(), limit.device())))
                .mapToLong(io -> limit.name().equals("wbps") ? io.writtenBytes() : io.writes())
                .max()
                .orElse(0);
        return most / victim.seconds() / Math.max(1, limit.value());
    }

    private static String shown(Victim victim, IoLimit limit) {
        String value = limit.name().endsWith("bps") ? Words.bytes(limit.value()) + "/s" : limit.value() + " requests/s";
        return limit.name() + " of " + value
                + (limit.device().isEmpty() ? "" : " on " + victim.devices().shown(limit.device()));
    }

    private static String throttled(IoLimit limit) {
        return limit.throttledNs() > 0
                ? ", which held requests back for " + Words.duration(limit.throttledNs()) + " by the kernel's count"
                : "";
    }
}
