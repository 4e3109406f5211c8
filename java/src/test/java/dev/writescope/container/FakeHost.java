package dev.writescope.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A host made of plain files in a directory of a test. */
public record FakeHost(Path root) {
    public static final String A = "a7".repeat(32);
    public static final String B = "b3".repeat(32);

    public HostPaths paths() {
        return new HostPaths(root);
    }

    /** Says where cgroups are mounted: "unified" for v2, else names of v1 controllers. */
    public FakeHost mounted(String... hierarchies) {
        StringBuilder lines = new StringBuilder("23 1 7:0 / / rw - ext4 /dev/root rw\n");
        for (String hierarchy : hierarchies) {
            directory("cgroup/" + hierarchy);
            String fstype = hierarchy.equals("unified") ? "cgroup2 none rw" : "cgroup none rw," + hierarchy;
            lines.append("31 23 0:31 / %s rw - %s%n".formatted(root.resolve("cgroup/" + hierarchy), fstype));
        }
        return file("proc/self/mountinfo", lines.toString());
    }

    public FakeHost file(String path, String content) {
        Path file = root.resolve(path);
        try {
            Files.createDirectories(file.resolveSibling("."));
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public Path directory(String path) {
        try {
            return Files.createDirectories(root.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a cgroup in a hierarchy, with its processes; gives its id. */
    public long cgroup(String hierarchy, String path, Integer... pids) {
        String lines = String.join("\n", Stream.of(pids).map(String::valueOf).toList());
        file("cgroup/" + hierarchy + path + "/cgroup.procs", lines + "\n");
        return id(hierarchy, path);
    }

    public long id(String hierarchy, String path) {
        try {
            return (Long) Files.getAttribute(root.resolve("cgroup/" + hierarchy + path), "unix:ino");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process in a mount namespace. */
    public FakeHost process(int pid, int mountNamespace, String mountinfo) {
        try {
            Path link = directory("proc/" + pid + "/ns").resolve("mnt");
            Files.createSymbolicLink(link, Path.of("mnt:[" + mountNamespace + "]"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file("proc/" + pid + "/mountinfo", mountinfo);
    }

    public void delete(String path) {
        try (Stream<Path> tree = Files.walk(root.resolve(path))) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
