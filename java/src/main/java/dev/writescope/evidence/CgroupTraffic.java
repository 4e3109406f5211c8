package dev.writescope.evidence;

import dev.writescope.container.Container;
import dev.writescope.container.ContainerCgroup;
import dev.writescope.container.IdSpace;
import dev.writescope.evidence.Evidence.CgroupIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The traffic of all containers since one moment, as the io controller counts it: io.stat of v2, and of v1
 * blkio.throttle.io_service_bytes and io_serviced, recursive (Linux 5.4) where there is that.
 */
final class CgroupTraffic {
    static final int MAX_CGROUPS = 1024;
    private static final int MAX_LISTED = 512;

    record Counters(long readBytes, long writtenBytes, long reads, long writes) {
        static final Counters NONE = new Counters(0, 0, 0, 0);

        Counters since(Counters before) {
            boolean same = before.readBytes <= readBytes && before.writtenBytes <= writtenBytes;
            return same
                    ? new Counters(
                            readBytes - before.readBytes,
                            writtenBytes - before.writtenBytes,
                            Math.max(0, reads - before.reads),
                            Math.max(0, writes - before.writes))
                    : this;
        }

        Counters plus(Counters other) {
            return new Counters(
                    readBytes + other.readBytes,
                    writtenBytes + other.writtenBytes,
                    reads + other.reads,
                    writes + other.writes);
        }

        boolean isZero() {
            return readBytes == 0 && writtenBytes == 0 && reads == 0 && writes == 0;
        }
    }

    private record Key(Container container, String device) {}

    private final Missing missing;
    /** Were there in the beginning, and nobody knows what they had done by then. */
    private final Set<Path> unknown = new HashSet<>();

    private final Map<Path, Map<String, Counters>> before;

    CgroupTraffic(List<ContainerCgroup> cgroups, Missing missing) {
        this.missing = missing;
        List<ContainerCgroup> there = counted(cgroups);
        before = read(limited(there));
        there.forEach(cgroup -> unknown.add(cgroup.directory()));
        unknown.removeAll(before.keySet());
    }

    /** What there was of it since the beginning, the busiest first. */
    List<CgroupIo> finish(List<ContainerCgroup> cgroups) {
        List<ContainerCgroup> counted = limited(counted(cgroups).stream()
                .filter(cgroup -> !unknown.contains(cgroup.directory()))
                .toList());
        Map<Path, Map<String, Counters>> now = read(counted);
        if (counted.stream().anyMatch(cgroup -> !cgroup.v2())
                && now.values().stream().allMatch(Map::isEmpty)) {
            missing.add("traffic of cgroups", "this kernel counts it in v1 only where a blkio.throttle limit is set");
        }
        Map<Key, Counters> sums = new LinkedHashMap<>();
        for (ContainerCgroup cgroup : counted) {
            Map<String, Counters> then = before.getOrDefault(cgroup.directory(), Map.of());
            now.getOrDefault(cgroup.directory(), Map.of()).forEach((device, counters) -> {
                Counters since = counters.since(then.getOrDefault(device, Counters.NONE));
                sums.merge(new Key(cgroup.container(), device), since, Counters::plus);
            });
        }
        return sums.entrySet().stream()
                .filter(entry -> !entry.getValue().isZero())
                .map(entry -> io(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong((CgroupIo io) -> io.readBytes() + io.writtenBytes())
                        .reversed())
                .limit(MAX_LISTED)
                .toList();
    }

    private static CgroupIo io(Key key, Counters counters) {
        return new CgroupIo(
                key.container, key.device, counters.readBytes, counters.writtenBytes, counters.reads, counters.writes);
    }

    /** The outermost cgroups of each container; what is outside containers has a cgroup per service. */
    private static List<ContainerCgroup> counted(List<ContainerCgroup> cgroups) {
        return cgroups.stream()
                .filter(cgroup -> cgroup.space() == IdSpace.BLOCK)
                .filter(cgroup -> cgroup.container().type() == Container.Type.CONTAINER
                        || !cgroup.container().service().isEmpty())
                .collect(Collectors.groupingBy(ContainerCgroup::container, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(each -> Target.outermost(each).stream())
                .toList();
    }

    private List<ContainerCgroup> limited(List<ContainerCgroup> owned) {
        if (owned.size() > MAX_CGROUPS) {
            missing.add("traffic of cgroups", "more than " + MAX_CGROUPS + ": the rest is not counted");
        }
        return owned.stream().limit(MAX_CGROUPS).toList();
    }

    private Map<Path, Map<String, Counters>> read(List<ContainerCgroup> cgroups) {
        Map<Path, Map<String, Counters>> found = new LinkedHashMap<>();
        for (ContainerCgroup cgroup : cgroups) {
            try {
                found.put(cgroup.directory(), cgroup.v2() ? readV2(cgroup.directory()) : readV1(cgroup.directory()));
            } catch (IOException absent) {
                if (Files.isDirectory(cgroup.directory())) {
                    // Without the file it has no counters yet: all that they say later is new.
                    if (absent instanceof NoSuchFileException) {
                        found.put(cgroup.directory(), Map.of());
                    }
                    missing.add("traffic of " + cgroup.container().displayName(), absent, "CAP_DAC_READ_SEARCH");
                }
            }
        }
        return found;
    }

    private static Map<String, Counters> readV2(Path cgroup) throws IOException {
        return parseV2(KernelText.read(cgroup.resolve("io.stat")));
    }

    static Map<String, Counters> parseV2(String text) {
        Map<String, Counters> counters = new LinkedHashMap<>();
        for (String[] words : KernelText.lines(text)) {
            if (KernelText.DEVICE.matcher(words[0]).matches()) {
                Map<String, Long> numbers = KernelText.numbers(words, 1);
                counters.put(
                        words[0],
                        new Counters(
                                numbers.getOrDefault("rbytes", 0L),
                                numbers.getOrDefault("wbytes", 0L),
                                numbers.getOrDefault("rios", 0L),
                                numbers.getOrDefault("wios", 0L)));
            }
        }
        return counters;
    }

    private static Map<String, Counters> readV1(Path cgroup) throws IOException {
        return parseV1(
                KernelText.read(recursive(cgroup, "blkio.throttle.io_service_bytes")),
                KernelText.read(recursive(cgroup, "blkio.throttle.io_serviced")));
    }

    private static Path recursive(Path cgroup, String name) {
        Path all = cgroup.resolve(name + "_recursive");
        return Files.exists(all) ? all : cgroup.resolve(name);
    }

    static Map<String, Counters> parseV1(String bytes, String operations) {
        Map<String, Counters> counters = new LinkedHashMap<>();
        for (String[] words : KernelText.lines(bytes)) {
            add(counters, words, value -> new Counters(value, 0, 0, 0), value -> new Counters(0, value, 0, 0));
        }
        for (String[] words : KernelText.lines(operations)) {
            add(counters, words, value -> new Counters(0, 0, value, 0), value -> new Counters(0, 0, 0, value));
        }
        return counters;
    }

    private interface Amount {
        Counters of(long value);
    }

    private static void add(Map<String, Counters> counters, String[] words, Amount read, Amount written) {
        if (words.length != 3 || !KernelText.DEVICE.matcher(words[0]).matches()) {
            return;
        }
        long value = KernelText.number(words[2]);
        Counters amount = switch (words[1]) {
            case "Read" -> read.of(value);
            case "Write" -> written.of(value);
            default -> null;
        };
        if (value >= 0 && amount != null) {
            counters.merge(words[0], Objects.requireNonNull(amount), Counters::plus);
        }
    }
}
