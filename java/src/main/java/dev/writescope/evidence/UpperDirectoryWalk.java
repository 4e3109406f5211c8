package dev.writescope.evidence;

import dev.writescope.bpf.FileStatus;
import dev.writescope.evidence.Evidence.MountFacts;
import dev.writescope.evidence.Evidence.UpperDirectory;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Counts what is in one upperdir, within a limit of entries and time. It follows no link, stays on the file system it
 * began on, and counts a file with several names once. What appears or vanishes meanwhile may be counted or not.
 */
final class UpperDirectoryWalk {
    private static final long SMALL_BYTES = 4096;
    private static final int MAX_PENDING = 100_000;

    private final Path root;
    private final long maxEntries;
    private final long endNanos;
    private final Deque<Path> pending = new ArrayDeque<>();
    private final Set<Long> linked = new HashSet<>();
    private String device = "";
    private long entries;
    private long files;
    private long smallFiles;
    private long directories;
    private long whiteouts;
    private long bytes;
    private boolean complete = true;

    private UpperDirectoryWalk(Path root, long maxEntries, long endNanos) {
        this.root = root;
        this.maxEntries = maxEntries;
        this.endNanos = endNanos;
    }

    /**
     * Walks the upperdir of an overlay.
     *
     * @param seen where this process reaches it
     * @throws IOException if not even the directory itself can be read
     */
    static UpperDirectory walk(MountFacts overlay, Path seen, long maxEntries, Duration longest) throws IOException {
        long start = System.nanoTime();
        UpperDirectoryWalk walk = new UpperDirectoryWalk(seen, maxEntries, start + longest.toNanos());
        walk.run();
        return new UpperDirectory(
                overlay.container(),
                overlay.mount().upperdir(),
                walk.files,
                walk.smallFiles,
                walk.directories,
                walk.whiteouts,
                walk.bytes,
                walk.complete,
                Duration.ofNanos(System.nanoTime() - start));
    }

    private void run() throws IOException {
        FileStatus top = FileStatus.of(root);
        if (!top.isDirectory()) {
            throw new NoSuchFileException(root.toString());
        }
        device = top.device();
        list(root);
        for (Path next = pending.poll(); next != null && hasRoom(); next = pending.poll()) {
            try {
                list(next);
            } catch (IOException goneOrSecret) {
                complete &= goneOrSecret instanceof NoSuchFileException;
            }
        }
        complete &= pending.isEmpty();
    }

    private boolean hasRoom() {
        boolean room = entries < maxEntries && System.nanoTime() - endNanos < 0;
        complete &= room;
        return room;
    }

    private void list(Path directory) throws IOException {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
            for (Path each : names) {
                if (!hasRoom()) {
                    return;
                }
                entries++;
                count(each);
            }
        } catch (DirectoryIteratorException unreadable) {
            throw unreadable.getCause();
        }
    }

    private void count(Path entry) {
        FileStatus status;
        try {
            status = FileStatus.of(entry);
        } catch (IOException gone) {
            return;
        }
        if (!status.device().equals(device)) {
            return;
        }
        if (status.isDirectory()) {
            directories++;
            bytes += status.allocatedBytes();
            if (pending.size() < MAX_PENDING) {
                pending.push(entry);
            } else {
                complete = false;
            }
        } else if (status.isCharacterDevice() && status.special().equals("0:0")) {
            whiteouts++; // overlayfs hides a file of a lower layer with it
        } else if (status.links() < 2 || linked.add(status.inode())) {
            files++;
            bytes += status.allocatedBytes();
            smallFiles += status.isRegular() && status.size() < SMALL_BYTES ? 1 : 0;
        }
    }
}
