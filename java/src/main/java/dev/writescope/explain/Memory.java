package dev.writescope.explain;

import dev.writescope.container.Container;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Remedies for too much dirty memory. */
final class Memory {
    private static final long MIB = 1 << 20;
    /** What the device can write out in these seconds may be dirty. */
    private static final int SECONDS = 3;

    private static final int BACKGROUND_SECONDS = 1;

    private Memory() {}

    /**
     * What to do about pauses.
     *
     * @param culprit null if it is the victim itself
     * @param device that the culprit writes to
     * @param bytesPerSecond what is dirtied
     */
    static List<Remedy> remedies(Victim victim, @Nullable Container culprit, String device, double bytesPerSecond) {
        List<Remedy> remedies = new ArrayList<>();
        if (culprit != null && NeighbourDeviceRule.isNeighbour(victim, culprit)) {
            remedies.add(Limits.onNeighbour(victim, culprit, device, bytesPerSecond, 0, true));
        }
        double written = victim.load()
                .map(load -> load.writtenBytesPerSecond())
                .filter(rate -> rate > 0)
                .orElse(bytesPerSecond);
        long unit = Math.max(1, Math.round(written / MIB)) * MIB;
        remedies.add(new Remedy(
                "begin to write out earlier and let less be dirty, so that a sync or a commit finds less to write",
                List.of(
                        "sysctl -w vm.dirty_background_bytes=" + BACKGROUND_SECONDS * unit,
                        "sysctl -w vm.dirty_bytes=" + SECONDS * unit + "   # then in /etc/sysctl.d/",
                        "# now: " + settings(victim)),
                "for the whole host, and bursts that memory took before are now as slow as the device, writers being paused"
                        + " sooner; only a device that writes as fast as its writers do ends the pauses. What \"now\" says"
                        + " and is not 0 takes it back, set in the same way"));
        remedies.add(new Remedy(
                "write less or slower, give it more memory if its memory limit is the limit, or a faster device",
                List.of(),
                "a change of the application, memory or money"));
        return remedies;
    }

    /** What to do where a container's own memory limit is why it is paused. */
    static List<Remedy> limited(Victim victim, MemoryLimit limit) {
        long twice = 2 * limit.limit().value();
        return List.of(
                new Remedy(
                        "raise its memory limit: more of it may be dirty then",
                        List.of(
                                "echo " + twice + " > "
                                        + ShellWord.quote(limit.limit().file()) + "   # until it restarts",
                                configured(victim.container(), twice)),
                        "memory that others do not get; it takes longer bursts, and what the device cannot write out in"
                                + " the long run pauses it all the same"),
                new Remedy(
                        "write less or slower, or to a faster device",
                        List.of(),
                        "a change of the application, or money"));
    }

    /** Docker and podman let a container swap as much again, and refuse more memory than both. */
    private static String configured(Container container, long bytes) {
        return switch (container.runtime()) {
            case "docker", "podman" ->
                container.runtime() + " update --memory " + bytes + " --memory-swap " + 2 * bytes + " "
                        + ShellWord.quote(container.id());
            case "lxc" -> "lxc.cgroup2.memory.max = " + bytes + "   # in its configuration";
            default -> "resources: {limits: {memory: " + bytes / MIB + "Mi}}   # of the container in its pod";
        };
    }

    private static String settings(Victim victim) {
        List<String> settings = victim.evidence().dirty().settings().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        return settings.isEmpty() ? "not known" : String.join(" ", settings).replaceAll("\\p{Cntrl}", " ");
    }
}
