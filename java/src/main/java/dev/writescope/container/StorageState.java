package dev.writescope.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The containers/storage directories that CRI-O and podman share: bundles of both, and podman's names. Podman's own
 * state is a database; the index beside the bundles has its names too.
 */
final class StorageState {
    private record Index(Object version, Map<String, Names> names) {}

    private final HostPaths host;
    private final Map<Path, Index> indexes = new HashMap<>();

    StorageState(HostPaths host) {
        this.host = host;
    }

    Names find(CgroupPath cgroup) {
        Names names = Names.NONE;
        for (Path storage : storages(cgroup.runtime().equals("podman"))) {
            for (String driver : List.of("overlay-containers", "vfs-containers")) {
                names = names.or(find(storage.resolve(driver), cgroup.id()));
                if (!names.name().isEmpty()) {
                    return names;
                }
            }
        }
        return names;
    }

    private Names find(Path containers, String id) {
        Names names = ContainerdState.bundleNames(containers.resolve(id).resolve("userdata/config.json"));
        for (String index : List.of("containers.json", "volatile-containers.json")) {
            names = names.or(index(containers.resolve(index)).getOrDefault(id, Names.NONE));
        }
        return names;
    }

    /** The system's first: users may write what they like into theirs. */
    private List<Path> storages(boolean ofUsersToo) {
        Stream<Path> system =
                Stream.of(host.run().resolve("containers/storage"), host.var().resolve("lib/containers/storage"));
        if (!ofUsersToo) {
            return system.toList();
        }
        Stream<Path> runtime =
                Directories.list(host.run().resolve("user"), "*").stream().map(user -> user.resolve("containers"));
        Stream<Path> homes = Directories.list(host.home(), "*").stream()
                .map(home -> home.resolve(".local/share/containers/storage"));
        return Stream.of(system, runtime, homes).flatMap(paths -> paths).toList();
    }

    private Map<String, Names> index(Path file) {
        Object version = version(file);
        if (version == null) {
            indexes.remove(file);
            return Map.of();
        }
        Index index = indexes.get(file);
        if (index == null || !index.version.equals(version)) {
            index = new Index(version, read(file));
            indexes.put(file, index);
        }
        return index.names;
    }

    private static @Nullable Object version(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
        } catch (IOException e) {
            return null;
        }
    }

    /** An array of objects with an id and names; podman's first name is what people call the container. */
    private static Map<String, Names> read(Path file) {
        Map<String, String> ids = new HashMap<>();
        Map<String, String> names = new HashMap<>();
        Map<String, String> images = new HashMap<>();
        try {
            JsonStrings.read(file, (path, value) -> {
                if (path.size() == 2 && path.getLast().equals("id")) {
                    ids.put(path.getFirst(), value);
                } else if (path.size() == 3 && path.subList(1, 3).equals(List.of("names", "0"))) {
                    names.put(path.getFirst(), value);
                } else if (path.size() == 2 && path.getLast().equals("metadata")) {
                    images.put(path.getFirst(), image(value));
                }
            });
        } catch (IOException e) {
            // Just being replaced, or not podman's: what was read before the fault is still true.
        }
        Map<String, Names> found = new HashMap<>();
        for (String position : new ArrayList<>(ids.keySet())) {
            String name = names.getOrDefault(position, "");
            String image = images.getOrDefault(position, "");
            found.put(ids.getOrDefault(position, ""), new Names(name, "", "", "", "", image));
        }
        return found;
    }

    /** The metadata is JSON within a string. */
    private static String image(String metadata) {
        String[] image = {""};
        JsonStrings.readText(metadata, (path, value) -> {
            if (path.equals(List.of("image-name"))) {
                image[0] = value;
            }
        });
        return image[0];
    }
}
