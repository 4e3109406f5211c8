package dev.writescope.container;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directories of one cgroup hierarchy, kept up to date by polling. Used by one thread.
 *
 * <p>A refresh costs one stat per known cgroup and reads no directory that has not changed. It misses nothing: the
 * link count of a cgroup's directory is 2 + its children, so that a new child shows in it, unless another one went,
 * and that shows in the other's own stat. The modification time would not do: kernfs does not keep it.
 */
final class CgroupTree {
    /** What a refresh tells. A cgroup whose id changed is another one, even with the same path. */
    interface Changes {
        void appeared(Node node);

        void gone(Node node);
    }

    /** One cgroup. Its id is the inode number of its directory (since Linux 5.5). */
    static final class Node {
        final Path directory;
        /** Below the cgroup mount, "/" for the root. */
        final String path;

        final long id;
        /** By name. Not by its text: any bytes can be a name, and not all make a text that leads back to them. */
        private final Map<Path, Node> children = new HashMap<>();

        private int links;

        private Node(Path directory, String path, long id) {
            this.directory = directory;
            this.path = path;
            this.id = id;
        }

        private boolean hasAllChildren(Stat stat) {
            return stat.links == links && links == children.size() + 2;
        }
    }

    private record Stat(long inode, int links, boolean directory) {}

    private static final int DIRECTORY = 0040000;
    private static final int TYPE_MASK = 0170000;
    private static final int MAX_DEPTH = 128;
    static final int MAX_CGROUPS = 65_536;

    private final Path mountPoint;
    private @Nullable Node root;
    private int size;

    CgroupTree(Path mountPoint) {
        this.mountPoint = mountPoint;
    }

    Path mountPoint() {
        return mountPoint;
    }

    /** Whether the hierarchy has more cgroups than are followed. */
    boolean isFull() {
        return size >= MAX_CGROUPS;
    }

    void refresh(Changes changes) {
        if (root != null && !visit(root, 0, changes)) {
            forget(root, changes);
            root = null;
        }
        if (root == null) {
            Stat stat = stat(mountPoint);
            if (stat != null && stat.directory) {
                root = appeared(mountPoint, "/", stat, changes);
                visit(root, 0, changes);
            }
        }
    }

    /** Brings a cgroup and those below it up to date; false if it is gone. */
    private boolean visit(Node node, int depth, Changes changes) {
        Stat stat = stat(node.directory);
        if (stat == null || stat.inode != node.id) {
            return false;
        }
        boolean unchanged = node.hasAllChildren(stat);
        if (unchanged) {
            for (Node child : node.children.values()) {
                unchanged &= visit(child, depth + 1, changes);
            }
        }
        if (!unchanged) {
            node.links = stat.links;
            list(node, depth, changes);
        }
        return true;
    }

    private void list(Node node, int depth, Changes changes) {
        Set<Path> names = names(node.directory);
        node.children.entrySet().removeIf(child -> {
            boolean gone = !names.contains(child.getKey()) || !visit(child.getValue(), depth + 1, changes);
            if (gone) {
                forget(child.getValue(), changes);
            }
            return gone;
        });
        for (Path name : names) {
            if (!node.children.containsKey(name) && depth < MAX_DEPTH && !isFull()) {
                Path directory = node.directory.resolve(name);
                Stat stat = stat(directory);
                if (stat != null && stat.directory) {
                    Node child = appeared(directory, childPath(node.path, name), stat, changes);
                    node.children.put(name, child);
                    visit(child, depth + 1, changes);
                }
            }
        }
    }

    private Node appeared(Path directory, String path, Stat stat, Changes changes) {
        Node node = new Node(directory, path, stat.inode);
        size++;
        changes.appeared(node);
        return node;
    }

    private void forget(Node node, Changes changes) {
        node.children.values().forEach(child -> forget(child, changes));
        size--;
        changes.gone(node);
    }

    private static String childPath(String parent, Path name) {
        return parent.equals("/") ? "/" + name : parent + "/" + name;
    }

    private static Set<Path> names(Path directory) {
        Set<Path> names = new HashSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(directory.relativize(entry));
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Gone meanwhile: the next refresh sees that.
        }
        return names;
    }

    private static @Nullable Stat stat(Path path) {
        try {
            Map<String, Object> found = Files.readAttributes(path, "unix:ino,nlink,mode", LinkOption.NOFOLLOW_LINKS);
            return found.get("ino") instanceof Long inode
                            && found.get("nlink") instanceof Integer links
                            && found.get("mode") instanceof Integer mode
                    ? new Stat(inode, links, (mode & TYPE_MASK) == DIRECTORY)
                    : null;
        } catch (IOException e) {
            return null;
        }
    }
}
