package dev.writescope.container;

import java.util.Objects;

/**
 * The owner of operations. Two cgroups with equal containers are one owner in every view.
 *
 * @param name what people call it: the CRI container name, else the runtime's name for it, else its short id;
 *     "host" for processes outside containers, "unattributed" where there is no owner
 * @param id the runtime's full id; empty for host and unattributed
 * @param runtime "containerd", "cri-o", "docker", "podman", "lxc", "ecs", "ctr", "unknown"; empty for host and
 *     unattributed
 * @param namespace Kubernetes namespace, or empty
 * @param pod pod name, or empty
 * @param podUid pod UID with dashes, or empty
 * @param image image reference, or empty
 * @param service for host processes the systemd unit ("cron.service") or the recorded command ("fio"), or empty
 */
public record Container(
        Type type,
        String name,
        String id,
        String runtime,
        String namespace,
        String pod,
        String podUid,
        String image,
        String service) {

    /** Who the owner is. */
    public enum Type {
        CONTAINER,
        /** A process outside containers, runtime monitors (conmon, shims) included. */
        HOST,
        /** A cgroup nobody knows any more: it was gone before it could be named. */
        UNKNOWN,
        /** No owner: a journal commit, writeback charged to the root cgroup, a physical flush. */
        UNATTRIBUTED
    }

    /** Those of many that are not told apart. */
    public static final Container OTHERS = new Container(Type.UNKNOWN, "others", "", "", "", "", "", "", "");

    /** Requests that nobody can be charged with. */
    public static final Container UNATTRIBUTED =
            new Container(Type.UNATTRIBUTED, "unattributed", "", "", "", "", "", "", "");

    public Container {
        Objects.requireNonNull(type);
        Objects.requireNonNull(name);
    }

    /** A host process, with the systemd unit it belongs to or "". */
    public static Container host(String service) {
        return new Container(Type.HOST, "host", "", "", "", "", "", "", service);
    }

    /** {@code namespace/pod/name} in Kubernetes, else the name: unique enough for a person on one node. */
    public String displayName() {
        return pod.isEmpty() ? name : namespace + "/" + pod + "/" + name;
    }
}
