package dev.writescope.evidence;

import dev.writescope.container.Container;
import dev.writescope.container.ContainerCgroup;
import dev.writescope.container.IdSpace;
import dev.writescope.evidence.Evidence.IoLimit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The limits of containers' cgroups and of those above them: io.max, io.weight, io.latency,
 * memory.max and memory.high of v2 (Documentation/admin-guide/cgroup-v2.rst), blkio.throttle and the weights of v1. A weight that is the kernel's
 * default limits nobody more than others and is left out.
 *
 * <p>The kernel counts the time held back only for io.cost, and only with blkcg_debug_stats. Otherwise the waits
 * themselves have to tell.
 */
final class IoLimits {
    private static final int MAX_LIMITS = 1024;
    /** A part of that memory may be dirty, with v2 only. */
    private static final List<String> MEMORY_LIMITS = List.of("memory.max", "memory.high");

    private static final long DEFAULT_WEIGHT = 100;
    private static final long DEFAULT_CFQ_WEIGHT = 500;
    private static final Map<String, String> V1_LIMITS = Map.of(
            "blkio.throttle.read_bps_device", "rbps",
            "blkio.throttle.write_bps_device", "wbps",
            "blkio.throttle.read_iops_device", "riops",
            "blkio.throttle.write_iops_device", "wiops");

    private final Missing missing;
    private final Map<Path, Map<String, Long>> waitedBefore = new HashMap<>();

    IoLimits(List<Target> targets, Missing missing) {
        this.missing = missing;
        for (Target target : targets) {
            for (ContainerCgroup cgroup : target.outermost(IdSpace.BLOCK)) {
                if (cgroup.v2()) {
                    waitedBefore.put(cgroup.directory(), waited(cgroup.directory()));
                }
            }
        }
    }

    List<IoLimit> finish(List<Target> targets) {
        List<IoLimit> found = new ArrayList<>();
        for (Target target : targets) {
            for (ContainerCgroup cgroup : target.outermost(IdSpace.BLOCK)) {
                new Reading(target.container(), cgroup, found).read();
            }
        }
        return found.stream().limit(MAX_LIMITS).toList();
    }

    /** Microseconds that io.cost held a cgroup back, by device. */
    private static Map<String, Long> waited(Path cgroup) {
        Map<String, Long> waited = new HashMap<>();
        for (String[] words : KernelText.lines(KernelText.readOrEmpty(cgroup.resolve("io.stat")))) {
            Long wait = KernelText.numbers(words, 1).get("cost.wait");
            if (wait != null) {
                waited.put(words[0], wait);
            }
        }
        return waited;
    }

    /** Of one container's cgroup and all above it, but for the root, which has no limits. */
    private final class Reading {
        private final Container container;
        private final ContainerCgroup cgroup;
        private final List<IoLimit> found;
        private final Map<String, Long> waited;

        Reading(Container container, ContainerCgroup cgroup, List<IoLimit> found) {
            this.container = container;
            this.cgroup = cgroup;
            this.found = found;
            waited = cgroup.v2() ? IoLimits.waited(cgroup.directory()) : Map.of();
        }

        void read() {
            Path mount = cgroup.mountPoint();
            boolean controlled = false;
            for (Path at = cgroup.directory();
                    at != null && at.startsWith(mount) && !at.equals(mount);
                    at = at.getParent()) {
                controlled |= cgroup.v2() ? readV2(at) : readV1(at);
            }
            if (!controlled
                    && Files.isDirectory(cgroup.directory())
                    && !cgroup.path().equals("/")) {
                missing.add(
                        "limits of " + container.displayName(),
                        "the io controller is not enabled for its cgroup, so that it can have none");
            }
        }

        private boolean readV2(Path at) {
            for (String[] words : lines(at.resolve("io.max"))) {
                KernelText.numbers(words, 1).forEach((name, value) -> add(words[0], name, value, at.resolve("io.max")));
            }
            for (String[] words : lines(at.resolve("io.latency"))) {
                Long target = KernelText.numbers(words, 1).get("target");
                if (target != null) {
                    add(words[0], "latency", target, at.resolve("io.latency"));
                }
            }
            for (String name : MEMORY_LIMITS) {
                for (String[] words : lines(at.resolve(name))) {
                    add("", name, KernelText.number(words[0]), at.resolve(name));
                }
            }
            weights(at.resolve("io.weight"), DEFAULT_WEIGHT);
            weights(at.resolve("io.bfq.weight"), DEFAULT_WEIGHT);
            return Files.exists(at.resolve("io.max"));
        }

        private boolean readV1(Path at) {
            V1_LIMITS.forEach((file, name) -> {
                for (String[] words : lines(at.resolve(file))) {
                    if (words.length == 2) {
                        add(words[0], name, KernelText.number(words[1]), at.resolve(file));
                    }
                }
            });
            weights(at.resolve("blkio.bfq.weight"), DEFAULT_WEIGHT);
            weights(at.resolve("blkio.bfq.weight_device"), DEFAULT_WEIGHT);
            weights(at.resolve("blkio.weight"), DEFAULT_CFQ_WEIGHT);
            weights(at.resolve("blkio.weight_device"), DEFAULT_CFQ_WEIGHT);
            return Files.exists(at.resolve("blkio.throttle.write_bps_device"));
        }

        /** Lines such as "default 100", "8:0 200", or of v1 only the number. */
        private void weights(Path file, long usual) {
            for (String[] words : lines(file)) {
                long weight = KernelText.number(words[words.length - 1]);
                boolean forAll = words.length == 1 || words[0].equals("default");
                if (weight != usual) {
                    add(forAll ? "" : words[0], "weight", weight, file);
                }
            }
        }

        private void add(String device, String name, long value, Path file) {
            if (value >= 0
                    && (device.isEmpty() || KernelText.DEVICE.matcher(device).matches())) {
                found.add(new IoLimit(
                        container,
                        device,
                        name,
                        value,
                        file.toString(),
                        name.equals("weight") ? heldBack(device) : -1));
            }
        }

        private long heldBack(String device) {
            Map<String, Long> before = waitedBefore.get(cgroup.directory());
            if (waited.isEmpty() || before == null) {
                return -1;
            }
            return waited.entrySet().stream()
                    .filter(entry -> device.isEmpty() || entry.getKey().equals(device))
                    .mapToLong(entry -> Math.max(0, entry.getValue() - before.getOrDefault(entry.getKey(), 0L)) * 1000)
                    .sum();
        }

        private static List<String[]> lines(Path file) {
            try {
                return KernelText.lines(KernelText.read(file));
            } catch (IOException absent) {
                return List.of(); // a controller that is not enabled, or an older kernel
            }
        }
    }
}
