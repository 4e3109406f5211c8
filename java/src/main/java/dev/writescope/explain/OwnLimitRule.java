package dev.writescope.explain;

import dev.writescope.evidence.Evidence.IoLimit;
import dev.writescope.probe.Stage;
import java.util.List;
import java.util.Set;

/**
 * Its own requests are held back by a limit of its cgroup. The kernel holds a request back before it is allocated, so
 * the time is none of the device's.
 */
final class OwnLimitRule implements Rule {
    private static final Set<String> CAPS = Set.of("rbps", "wbps", "riops", "wiops");

    @Override
    public List<Cause> causes(Victim victim, double left) {
        double share = victim.share(Stage.THROTTLED);
        if (share < victim.severity().leastShare()) {
            return List.of();
        }
        List<IoLimit> limits = victim.evidence().limits().stream()
                .filter(limit -> limit.container().equals(victim.container()) && CAPS.contains(limit.name()))
                .filter(limit -> limit.device().isEmpty() || victim.isOn(limit.device()))
                .toList();
        Belief belief = new Belief()
                .because(Words.percent(share) + " of the time its writes waited before they became requests");
        if (limits.isEmpty()) {
            boolean unknown = victim.evidence().missing().stream().anyMatch(missing -> missing.contains("limit"));
            belief.but(unknown ? "limits could not be read" : "no limit was found that is set on its device")
                    .but(!unknown, "io.latency or io.cost of a neighbour could hold it back as well");
        }
        limits.forEach(limit -> belief.because(shown(victim, limit) + throttled(limit)));
        String sentence = limits.isEmpty()
                ? "Its own writes are held back before they reach the device, as a limit of its cgroup would do"
                : "Its own limit " + shown(victim, limits.getFirst())
                        + " holds its writes back: the device could do more";
        return Cause.ofTime(Cause.Name.OWN_LIMIT, "", share, sentence, belief, Limits.lifting(victim, limits)).stream()
                .toList();
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
