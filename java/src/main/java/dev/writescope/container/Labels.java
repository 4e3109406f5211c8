package dev.writescope.container;

import java.util.HashMap;
import java.util.Map;

/** The annotations of an OCI bundle or the labels of a container, and what they say about names. */
final class Labels {
    private static final int MAX_LABELS = 4096;
    private final Map<String, String> labels = new HashMap<>();

    void put(String key, String value) {
        if (labels.size() < MAX_LABELS) {
            labels.put(key, value);
        }
    }

    /** A sandbox (pause container) has no container name in Kubernetes, and is called {@link Names#SANDBOX}. */
    Names names() {
        boolean sandbox = get("io.kubernetes.cri.container-type").equals("sandbox")
                || get("io.kubernetes.cri-o.ContainerType").equals("sandbox")
                || get("io.kubernetes.docker.type").equals("podsandbox")
                || get("io.cri-containerd.kind").equals("sandbox");
        return new Names(
                sandbox
                        ? Names.SANDBOX
                        : any("io.kubernetes.cri.container-name", "io.kubernetes.container.name", "nerdctl/name"),
                runtime(),
                any("io.kubernetes.cri.sandbox-namespace", "io.kubernetes.pod.namespace"),
                any("io.kubernetes.cri.sandbox-name", "io.kubernetes.pod.name"),
                any("io.kubernetes.cri.sandbox-uid", "io.kubernetes.pod.uid"),
                any("io.kubernetes.cri.image-name", "io.kubernetes.cri-o.ImageName"));
    }

    /** {@code project-service} of a compose file, as compose names its containers; or "". */
    String composeName() {
        String project = get("com.docker.compose.project");
        String service = get("com.docker.compose.service");
        return project.isEmpty() || service.isEmpty() ? service : project + "-" + service;
    }

    private String runtime() {
        return switch (get("io.container.manager")) {
            case "cri-o" -> "cri-o";
            case "libpod" -> "podman";
            default -> "";
        };
    }

    private String any(String... keys) {
        for (String key : keys) {
            if (!get(key).isEmpty()) {
                return get(key);
            }
        }
        return "";
    }

    private String get(String key) {
        return labels.getOrDefault(key, "");
    }
}
