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
                        + " when the container restarts or systemd reloads"));
    }

    private static boolean isV1(String file) {
        return file.contains("blkio.");
    }

    /**
     * Limits what a neighbour does to the disk of a device: what it reads too, if it reads more than it writes.
     *
     * @param writes bytes a second, now; as are reads
     */
    static Remedy onNeighbour(
            Victim victim, Container neighbour, String device, double writes, double reads, boolean buffered) {
        String disk = victim.devices().disk(device);
        boolean reader = reads > writes;
        String id = neighbour.id().isEmpty() ? neighbour.name() : neighbour.id();
        boolean v2 = victim.observed().start().cgroupMode().contains("v2");
        List<String> lines = new ArrayList<>();
        if (neighbour.runtime().equals("podman")) {
            String path = victim.devices().path(disk);
            lines.add("podman update --device-write-bps " + ShellWord.quote(path + ":" + half(writes))
                    + (reader ? " --device-read-bps " + ShellWord.quote(path + ":" + half(reads)) : "") + " "
                    + ShellWord.quote(id) + "   # podman 4.3 or later");
        } else {
            lines.add(group(v2 ? "" : "/blkio", id));
            if (v2) {
                lines.add("echo "
                        + ShellWord.quote(disk + " wbps=" + half(writes) + (reader ? " rbps=" + half(reads) : ""))
                        + " > \"${group:?}/io.max\"   # not there: above it, a cgroup.subtree_control lacks +io");
            } else {
                lines.add(throttle(disk, writes, "write"));
                if (reader) {
                    lines.add(throttle(disk, reads, "read"));
                }
            }
        }
        String price = "half of what it does now until it restarts"
                + (neighbour.pod().isEmpty() ? ", unless it is configured so too" : " (Kubernetes cannot set it)");
        if (buffered) {
            price += v2
                    ? "; for buffered writes on ext4, xfs, btrfs and f2fs only; a shared journal's commits may wait for it"
                    : "; cgroup v1 limits direct and synced writes only, buffered ones only in v2";
        }
        return new Remedy(
                "limit what " + Words.name(neighbour) + (reader ? " reads from and" : "") + " writes to "
                        + victim.devices().shown(disk),
                lines,
                price);
    }

    /** Half of a rate in whole MiB; to be filled in where it is not known. */
    private static String half(double rate) {
        return rate <= 0 ? "BYTES" : Long.toString(Math.max(1, Math.round(rate / 2 / MIB)) * MIB);
    }

    private static String throttle(String disk, double rate, String way) {
        return "echo " + ShellWord.quote(disk + " " + half(rate)) + " > \"${group:?}/blkio.throttle." + way
                + "_bps_device\"";
    }

    /** The outermost cgroup of a container, and not that of its monitor. */
    private static String group(String hierarchy, String id) {
        return "group=$(find /sys/fs/cgroup" + hierarchy + " -type d -name " + ShellWord.quote("*" + globless(id) + "*")
                + " ! -name '*conmon*' ! -name '*monitor*' -print -quit)";
    }

    /** A name that find takes literally. */
    private static String globless(String name) {
        return name.replaceAll("([\\\\*?\\[])", "\\\\$1");
    }
}
