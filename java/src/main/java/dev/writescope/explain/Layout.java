package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.container.MountClass;
import dev.writescope.latency.Activity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Remedies that put what is written somewhere else. */
final class Layout {
    private static final String SNAPSHOTTER = "[plugins.\"io.containerd.snapshotter.v1.overlayfs\"]";
    private static final String MOVED =
            "a disk or a part of one, and a stop while the data moves; it stays when the container goes, and has to be"
                    + " backed up and cleaned";

    private Layout() {}

    /** Another disk for the victim. */
    static List<Remedy> ownDevice(Victim victim) {
        return List.of(new Remedy(
                "give it a disk of its own for " + Words.name(directory(victim)), volumeLines(victim), MOVED));
    }

    /** Another file system for the victim, and so a journal of its own. */
    static List<Remedy> ownFileSystem(Victim victim) {
        return List.of(new Remedy(
                "give it a file system of its own, with a journal of its own, for " + Words.name(directory(victim)),
                volumeLines(victim),
                MOVED + "; on the same disk it still shares the device"));
    }

    /** A volume in place of the writable layer. */
    static List<Remedy> volume(Victim victim) {
        List<Remedy> remedies = new ArrayList<>();
        remedies.add(new Remedy(
                "move " + Words.name(directory(victim)) + " to a dedicated volume or hostPath",
                volumeLines(victim),
                MOVED));
        remedies.add(ownSnapshots());
        return remedies;
    }

    /** Nothing to copy up. */
    static List<Remedy> copyUp(Victim victim) {
        return List.of(
                new Remedy(
                        "keep files that change on a volume, filled once when it is made, and not in the image",
                        volumeLines(victim),
                        MOVED),
                new Remedy(
                        "copy less: large files that are appended to or changed do not belong into an image",
                        List.of("find / -xdev -type f -size +16M   # in the image"),
                        "a change of the image; with the kernel's metacopy=on only changes of owner and mode copy no data"));
    }

    private static Remedy ownSnapshots() {
        return new Remedy(
                "put the containers' layers on a disk of their own",
                List.of(
                        "# /etc/containerd/config.toml, in version = 2 and in version = 3 alike",
                        SNAPSHOTTER,
                        "  root_path = \"/mnt/snapshots\"",
                        "  mount_options = [\"noatime\"]   # not in containerd 1.5 and before"),
                "images have to be pulled and containers made again; the runtime restarts");
    }

    private static List<String> volumeLines(Victim victim) {
        Container container = victim.container();
        String path = directory(victim);
        String name = label(container.name());
        String host = "/srv/" + name;
        if (container.runtime().equals("docker") || container.runtime().equals("podman")) {
            return List.of(
                    "--volume " + ShellWord.quote(host + ":" + path) + "   # to " + container.runtime() + " run");
        }
        if (container.pod().isEmpty() && container.runtime().equals("ctr")) {
            return List.of("--mount " + ShellWord.quote("type=bind,src=" + host + ",dst=" + path + ",options=rbind:rw")
                    + "   # to ctr run");
        }
        return List.of(
                "volumeMounts:   # of the container",
                "- {name: " + name + ", mountPath: " + ShellWord.yaml(path) + "}",
                "volumes:        # of the pod; with a disk mounted at the path, or a persistentVolumeClaim",
                "- {name: " + name + ", hostPath: {path: " + host + ", type: DirectoryOrCreate}}");
    }

    /** A name that Kubernetes takes. */
    private static String label(String name) {
        String label =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        String data = label.isEmpty() ? "data" : label.substring(0, Math.min(50, label.length())) + "-data";
        return data.replaceAll("-+", "-");
    }

    /** Where in the container most is written, or else synced; its mount point if files are not known. */
    static String directory(Victim victim) {
        String mount = victim.series().getFirst().key().place().mount();
        return victim
                .activityHere(act -> act.container().equals(victim.container())
                        && act.file().startsWith("/")
                        && act.place().mount().equals(mount))
                .stream()
                .findFirst()
                .filter(act -> act.place().mountClass() == MountClass.UPPERDIR)
                .map(Activity::file)
                .map(file -> file.substring(0, Math.max(1, file.lastIndexOf('/'))))
                .filter(directory -> !directory.equals("/"))
                .orElse(mount.isEmpty() || mount.equals("/") ? "/DIRECTORY" : mount);
    }
}
