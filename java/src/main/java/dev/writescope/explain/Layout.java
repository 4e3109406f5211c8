package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.container.MountClass;
import dev.writescope.latency.Activity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Remedies that put what is written somewhere else. */
final class Layout {
    private static final String SNAPSHOTS = "/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs";
    /** The snapshotter's table is the same in versions 2 and 3. */
    private static final List<String> SNAPSHOTS_OF_CONTAINERD = List.of(
            "# /etc/fstab; stop the kubelet, all containers and containerd, cp -a what is there now, mount, start",
            fstabLine(SNAPSHOTS),
            "# or, after removing all containers and images: /etc/containerd/config.toml, version = 2 or version = 3",
            "[plugins.\"io.containerd.snapshotter.v1.overlayfs\"]",
            "  root_path = \"/mnt/snapshots\"",
            "  mount_options = [\"noatime\"]   # since containerd 1.6.24 and 1.7.4; older ones ignore it");

    private static final String MOVED =
            "a disk or a part of one, and a stop while the data moves; it outlives the container; a hostPath ties a pod to"
                    + " its node";

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
        remedies.add(ownSnapshots(victim.container()));
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

    private static Remedy ownSnapshots(Container container) {
        return new Remedy(
                "put the containers' layers on a disk of their own",
                switch (container.runtime()) {
                    case "docker" ->
                        List.of(
                                "# add to /etc/docker/daemon.json; stop dockerd, cp -a /var/lib/docker/. there, start"
                                        + " (with its containerd image store: as for containerd)",
                                "{\"data-root\": \"/mnt/docker\"}");
                    case "podman", "cri-o" ->
                        List.of(
                                "# /etc/containers/storage.conf; stop all, cp -a /var/lib/containers/storage/. there, start",
                                "[storage]",
                                "graphroot = \"/mnt/containers\"");
                    default -> SNAPSHOTS_OF_CONTAINERD;
                },
                "a disk, and a stop of all containers of the node while they move; with a root_path that is new, nothing"
                        + " starts from an image until that is removed and pulled again");
    }

    private static List<String> volumeLines(Victim victim) {
        Container container = victim.container();
        String path = directory(victim);
        String name = label(container.name());
        String host = "/srv/" + name;
        boolean onHost = container.type() != Container.Type.CONTAINER;
        List<String> mount = List.of(
                "# /etc/fstab; make the directory, mount, and copy what is there now (cp -a), with its owner",
                fstabLine(onHost ? path : host));
        return switch (onHost ? "host" : container.runtime()) {
            case "host" -> mount;
            case "docker", "podman" -> and(mount, bind(host, path, "") + "   # to " + container.runtime() + " run");
            case "ctr" -> and(mount, bind(host, path, ",options=rbind:rw") + "   # to ctr run");
            case "lxc" ->
                and(
                        mount,
                        "lxc.mount.entry = " + host + " " + ShellWord.fstab(path.substring(1))
                                + " none bind,create=dir 0 0");
            default ->
                List.of(
                        "volumeMounts:   # of the container",
                        "- {name: " + name + ", mountPath: " + ShellWord.yaml(path) + "}",
                        "volumes:        # of the pod; mount a disk there and copy the data (cp -a), or take a"
                                + " persistentVolumeClaim",
                        "- {name: " + name + ", hostPath: {path: " + host + ", type: Directory}}");
        };
    }

    private static List<String> and(List<String> lines, String last) {
        return Stream.concat(lines.stream(), Stream.of(last)).toList();
    }

    private static String bind(String host, String path, String options) {
        return "--mount " + ShellWord.quote("type=bind,src=" + host + "," + ShellWord.field("dst=" + path) + options);
    }

    /** For a disk that is new. */
    static String fstabLine(String directory) {
        return "/dev/DISK  " + ShellWord.fstab(directory) + "  ext4  defaults,noatime  0 2";
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
