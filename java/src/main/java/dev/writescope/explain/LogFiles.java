package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.latency.Activity;
import dev.writescope.latency.SeriesInterval;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files that runtimes write what containers print to. */
final class LogFiles {
    /** /var/log/pods/NAMESPACE_POD_UID/CONTAINER/0.log */
    private static final Pattern POD = Pattern.compile(".*/pods/([^_/]+)_([^_/]+)_[^/]+/([^/]+)/.*");

    private static final Pattern ID = Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");

    private static final Pattern BELOW =
            Pattern.compile("(/.*/pods|/.*/containers)/(?:[^/]+_[^/]+_[^/]+|[0-9a-f]{64})/.*");

    private LogFiles() {}

    /** The container whose output a log file has, as far as its path says; else empty. */
    static String container(Observation observed, String file) {
        Matcher pod = POD.matcher(file);
        if (pod.matches()) {
            return pod.group(1) + "/" + pod.group(2) + "/" + pod.group(3);
        }
        Matcher id = ID.matcher(file);
        String found = id.find() ? id.group() : "";
        String name = file.substring(file.lastIndexOf('/') + 1).replaceFirst("(?:-json)?\\.log.*", "");
        return Stream.concat(
                        observed.series().stream().map(SeriesInterval::key).map(key -> key.container()),
                        observed.activity().stream().map(Activity::container))
                .filter(container -> container.type() == Container.Type.CONTAINER)
                .filter(container -> container.id().equals(found)
                        || (!name.isEmpty()
                                && (container.name().equals(name)
                                        || container.id().equals(name))))
                .map(Words::name)
                .findFirst()
                .orElse(found.isEmpty() ? "" : found.substring(0, 12));
    }

    /** Of the runtime whose log it is; of all where the path does not tell. */
    private static List<String> rotation(String file) {
        boolean pod = POD.matcher(file).matches();
        boolean docker = file.endsWith("-json.log");
        boolean podman = file.endsWith("/ctr.log");
        boolean any = !pod && !docker && !podman;
        List<String> lines = new ArrayList<>();
        if (pod || any) {
            lines.add("# kubelet configuration (KubeletConfiguration); then restart the kubelet");
            lines.add("containerLogMaxSize: 5Mi   # 10Mi if it is not set");
            lines.add("containerLogMaxFiles: 3   # 5 if it is not set");
        }
        if (docker || any) {
            lines.add("# Docker: add to /etc/docker/daemon.json; for containers made after a restart of dockerd");
            lines.add("{\"log-driver\": \"json-file\", \"log-opts\": {\"max-size\": \"10m\", \"max-file\": \"3\"}}");
        }
        if (podman || any) {
            lines.add("--log-opt max-size=10m   # to podman run");
        }
        return lines;
    }

    /** What all logs of the runtime are below, or else those beside it. */
    private static String directory(String file) {
        Matcher known = BELOW.matcher(file);
        return known.matches() ? known.group(1) : file.substring(0, Math.max(0, file.lastIndexOf('/')));
    }

    /** Less log, or another disk for it. */
    static List<Remedy> remedies(Victim victim, String file) {
        List<Remedy> remedies = new ArrayList<>();
        remedies.add(new Remedy(
                "log less, and rotate at a smaller size",
                rotation(file),
                "older output is gone sooner; a size bounds what a rotation has to do, not how much is written: only"
                        + " logging less does"));
        String directory = directory(file);
        remedies.add(new Remedy(
                "put the logs on a disk of their own",
                List.of(
                        "# /etc/fstab; stop the kubelet and the runtime, copy the files (cp -a), mount, start",
                        Layout.fstabLine(directory.isEmpty() ? "/DIRECTORY-OF-LOGS" : directory)),
                "a disk, and a stop of the node's containers while they move"));
        remedies.addAll(Layout.ownFileSystem(victim));
        return remedies;
    }
}
