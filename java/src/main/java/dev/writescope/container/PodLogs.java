package dev.writescope.container;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names in the kubelet's log directories: there with every runtime, without any token. */
final class PodLogs {
    private static final Pattern CONTAINER_LOG = Pattern.compile("([^_]+)_([^_]+)_(.+)-[0-9a-f]{64}\\.log");
    private static final Pattern POD = Pattern.compile("([^_]+)_([^_]+)_([^_]+)");

    private final Path log;

    PodLogs(HostPaths host) {
        log = host.var().resolve("log");
    }

    Names find(CgroupPath cgroup) {
        return container(cgroup.id()).or(pod(cgroup.podUid()));
    }

    /** Links to the logs carry the container's id. */
    private Names container(String id) {
        if (!id.matches("[0-9a-f]{64}")) {
            return Names.NONE;
        }
        for (Path file : Directories.list(log.resolve("containers"), "*-" + id + ".log")) {
            Matcher name = CONTAINER_LOG.matcher(Directories.name(file));
            if (name.matches()) {
                return new Names(name.group(3), "", name.group(2), name.group(1), "", "");
            }
        }
        return Names.NONE;
    }

    /** A pod's directory also has one directory per container, but does not say which is which. */
    private Names pod(String uid) {
        if (uid.isEmpty()) {
            return Names.NONE;
        }
        for (Path directory : Directories.list(log.resolve("pods"), "*_" + uid)) {
            Matcher name = POD.matcher(Directories.name(directory));
            if (name.matches()) {
                return new Names("", "", name.group(1), name.group(2), uid, "");
            }
        }
        return Names.NONE;
    }
}
