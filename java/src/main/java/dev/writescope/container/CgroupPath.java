package dev.writescope.container;

import java.util.List;
import java.util.function.BiPredicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the path of a cgroup says about its owner. Children of a container's cgroup are the container's; of
 * containers within containers the innermost counts.
 *
 * @param runtime as {@link Container#runtime()}, "" outside containers. "unknown" means that several runtimes use
 *     this form
 * @param id the container id in full, "" outside containers
 * @param containerdNamespace the containerd namespace if the path has it, else ""
 * @param podUid with dashes unless it is a static pod's (32 hex digits); "" outside pods
 * @param qos "guaranteed", "burstable" or "besteffort"; "" outside pods
 * @param service the systemd unit or the recorded command outside containers, {@link #MONITOR} for runtime monitors, else ""
 */
record CgroupPath(String runtime, String id, String containerdNamespace, String podUid, String qos, String service) {
    /** The service of conmon and lxc.monitor: their log writes are the runtime's, not the container's. */
    static final String MONITOR = "runtime-monitor";

    private static final String H64 = "([0-9a-f]{64})";
    private static final String END = "(?:\\.scope)?(?=/|$)";

    private record Rule(String runtime, Pattern pattern) {
        Rule(String runtime, String regex) {
            this(runtime, Pattern.compile(regex));
        }
    }

    /** In order: of two rules that find the same id, the first one names the runtime. */
    private static final List<Rule> RULES = List.of(
            new Rule("podman", "/libpod-(?:payload-)?" + H64 + END),
            new Rule("cri-o", "[/:]crio[-:]" + H64 + END),
            new Rule("containerd", "[/:](?:cri-containerd|nerdctl|containerd)[-:]" + H64 + END),
            new Rule("docker", "(?:/docker-|/docker/(?:buildkit/)?)" + H64 + END),
            new Rule("ecs", "/ecs/(?:[^/]+/)?([0-9a-f]{32}-\\d+)(?=/|$)"),
            new Rule("lxc", "(?:^/lxc/|/lxc\\.payload\\.)([^/]+)"),
            new Rule("unknown", "/" + H64 + "(?=/|$)"));

    private static final Pattern MONITOR_SEGMENT =
            Pattern.compile("/(?:crio-conmon-|libpod-conmon-|lxc\\.monitor|conmon(?=/|$))");
    private static final Pattern POD = Pattern.compile("(?:^|[/-])pod"
            + "([0-9a-f]{8}([-_])[0-9a-f]{4}\\2[0-9a-f]{4}\\2[0-9a-f]{4}\\2[0-9a-f]{12}|[0-9a-f]{32})(?=[./:]|$)");
    private static final Pattern QOS = Pattern.compile("[/-](besteffort|burstable)(?=[./-]|$)");
    private static final Pattern CONTAINERD_TASK = Pattern.compile("^/([\\w.-]+)/([\\w.-]+)(?=/|$)");
    private static final Pattern UNIT = Pattern.compile("/([^/]+\\.(?:service|scope))(?=/|$)");

    /** What a command is recorded under; without the number, so that two recordings of it compare. */
    private static final Pattern COMMAND = Pattern.compile("/" + CommandCgroup.NAME + "(?=/|$)");

    boolean isContainer() {
        return !id.isEmpty();
    }

    /**
     * Reads a path.
     *
     * @param path below the cgroup mount, "/" for the root
     * @param containerdTask whether containerd runs a task, by namespace and id: the path of one started by ctr
     *     looks like anybody's
     */
    static CgroupPath of(String path, BiPredicate<String, String> containerdTask) {
        // Monitors have a cgroup beside the container's. One inside a container is that container's own business.
        Matcher monitor = MONITOR_SEGMENT.matcher(path);
        boolean monitored = monitor.find();
        String owned = monitored ? path.substring(0, monitor.start()) : path;
        CgroupPath container = container(owned, containerdTask);
        if (container != null) {
            return container;
        }
        MatchResult unit = last(UNIT, path);
        MatchResult command = last(COMMAND, path);
        return outside(monitored ? MONITOR : command != null ? command.group(2) : unit == null ? "" : unit.group(1));
    }

    private static CgroupPath outside(String service) {
        return new CgroupPath("", "", "", "", "", service);
    }

    private static @Nullable CgroupPath container(String path, BiPredicate<String, String> containerdTask) {
        Rule rule = null;
        MatchResult deepest = null;
        for (Rule candidate : RULES) {
            MatchResult match = last(candidate.pattern, path);
            if (match != null && (deepest == null || match.start(1) > deepest.start(1))) {
                rule = candidate;
                deepest = match;
            }
        }
        if (rule != null && deepest != null) {
            return inPod(path.substring(0, deepest.start(1)), rule.runtime, deepest.group(1), "");
        }
        Matcher task = CONTAINERD_TASK.matcher(path);
        return task.find() && containerdTask.test(task.group(1), task.group(2))
                ? inPod("", "ctr", task.group(2), task.group(1))
                : null;
    }

    private static CgroupPath inPod(String parent, String runtime, String id, String containerdNamespace) {
        MatchResult pod = last(POD, parent);
        if (pod == null) {
            return new CgroupPath(runtime, id, containerdNamespace, "", "", "");
        }
        Matcher qos = QOS.matcher(parent);
        String level = qos.find() ? qos.group(1) : "guaranteed";
        // The systemd driver cannot have dashes in a slice's name.
        return new CgroupPath(runtime, id, containerdNamespace, pod.group(1).replace('_', '-'), level, "");
    }

    private static @Nullable MatchResult last(Pattern pattern, String path) {
        Matcher matcher = pattern.matcher(path);
        MatchResult found = null;
        while (matcher.find()) {
            found = matcher.toMatchResult();
        }
        return found;
    }
}
