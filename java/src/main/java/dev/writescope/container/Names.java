package dev.writescope.container;

/**
 * What one source says about a container; "" where it says nothing.
 *
 * @param runtime only where the source knows better than the cgroup path
 */
record Names(String name, String runtime, String namespace, String pod, String podUid, String image) {
    static final Names NONE = new Names("", "", "", "", "", "");

    /** The name of the container that holds a pod's namespaces, as Kubernetes itself calls it. */
    static final String SANDBOX = "POD";

    /** Names are shown, kept and compared: a longer one is somebody's mistake. In UTF-16 units. */
    private static final int MAX_LENGTH = 256;

    Names {
        name = capped(name);
        runtime = capped(runtime);
        namespace = capped(namespace);
        pod = capped(pod);
        podUid = capped(podUid);
        image = capped(image);
    }

    /** These, completed by others. */
    Names or(Names other) {
        return new Names(
                first(name, other.name),
                first(runtime, other.runtime),
                first(namespace, other.namespace),
                first(pod, other.pod),
                first(podUid, other.podUid),
                first(image, other.image));
    }

    static String first(String preferred, String otherwise) {
        return preferred.isEmpty() ? otherwise : preferred;
    }

    static String capped(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH);
    }
}
