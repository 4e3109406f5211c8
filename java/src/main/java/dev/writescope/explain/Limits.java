package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence.IoLimit;
import java.util.ArrayList;
import java.util.List;

/** Remedies that set or lift a limit of a cgroup. */
final class Limits {
    private static final long MIB = 1 << 20;

    private Limits() {}

    /** Lifts a container's own limits. */
    static List<Remedy> lifting(Victim victim, List<IoLimit> limits) {
        if (limits.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        for (IoLimit limit : limits) {
            String device = limit.device().isEmpty() ? victim.devices().disk(victim.device()) : limit.device();
            // In v1 a 0 removes the limit.
            String value = isV1(limit.file()) ? device + " 0" : device + " " + limit.name() + "=max";
            lines.add("echo " + ShellWord.quote(value) + " > " + ShellWord.quote(limit.file()));
        }
        return List.of(new Remedy(
                "raise or lift the limit, here and where it is configured",
                lines,
                "what the limit protected, the neighbours on "
                        + victim.devices().shown(victim.device())
                        + ", is protected no longer; a cgroup file is set again"
                        + " when the container restarts"));
    }

    private static boolean isV1(String file) {
        return file.contains("blkio.");
    }

    /**
     * Limits what a neighbour writes to a device.
     *
     * @param bytesPerSecond what it writes now
     */
    static Remedy onNeighbour(
            Victim victim, Container neighbour, String device, double bytesPerSecond, boolean buffered) {
        String disk = victim.devices().disk(device);
        long half = Math.max(1, Math.round(bytesPerSecond / 2 / MIB)) * MIB;
        boolean v2 = victim.observed().start().cgroupMode().contains("v2")
                || victim.observed().start().cgroupMode().equals("unified");
        List<String> lines = new ArrayList<>();
        if (neighbour.runtime().equals("podman")) {
            lines.add("podman update --device-write-bps "
                    + ShellWord.quote(victim.devices().path(disk) + ":" + half) + " "
                    + ShellWord.quote(neighbour.id().isEmpty() ? neighbour.name() : neighbour.id()));
        } else {
            String id = neighbour.id().isEmpty() ? neighbour.name() : neighbour.id();
            lines.add("group=$(find /sys/fs/cgroup" + (v2 ? "" : "/blkio") + " -depth -type d -name "
                    + ShellWord.quote("*" + globless(id) + "*") + " | tail -n 1)");
            lines.add(
                    v2
                            ? "echo " + ShellWord.quote(disk + " wbps=" + half) + " > \"$group/io.max\""
                            : "echo " + ShellWord.quote(disk + " " + half)
                                    + " > \"$group/blkio.throttle.write_bps_device\"");
        }
        String price = Words.name(neighbour) + " gets half of what it writes now, " + Words.bytes(half)
                + "/s, and takes longer; set it where the container is configured, or a restart undoes it";
        if (buffered) {
            price += v2
                    ? "; holds for buffered writes on ext4, xfs and btrfs only"
                    : "; cgroup v1 limits direct and synced writes only, buffered ones only in v2";
        }
        return new Remedy(
                "limit what " + Words.name(neighbour) + " writes to "
                        + victim.devices().shown(disk),
                lines,
                price);
    }

    /** A name that find takes literally. */
    private static String globless(String name) {
        return name.replaceAll("([\\\\*?\\[])", "\\\\$1");
    }
}
