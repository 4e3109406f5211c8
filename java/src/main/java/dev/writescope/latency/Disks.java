package dev.writescope.latency;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which disk serves a device: the whole disk of a partition, the one below a mapped device. Read from sysfs once per
 * device; that is memory of the kernel, so it does not block. One thread.
 */
final class Disks {
    private static final int DEEPEST = 8;
    private static final int MOST = 4096;
    private static final int LONGEST = 32;

    private final Path sys;
    private final Map<Integer, Integer> known = new HashMap<>();
    private int lastDevice;
    private int lastDisk;

    /** @param sys where sysfs is mounted */
    Disks(Path sys) {
        this.sys = sys.resolve("dev/block");
    }

    /** The kernel's dev_t of it; the device itself if it is one, has several below it, or is not known. */
    int of(int device) {
        if (device == lastDevice) {
            return lastDisk;
        }
        Integer disk = known.get(device);
        if (disk == null) {
            disk = find(device);
            if (known.size() >= MOST) {
                known.clear();
            }
            known.put(device, disk);
        }
        lastDevice = device;
        lastDisk = disk;
        return disk;
    }

    private int find(int device) {
        int found = device;
        for (int depth = 0; depth < DEEPEST; depth++) {
            int below = below(found);
            if (below == 0) {
                break;
            }
            found = below;
        }
        return found;
    }

    /** 0 for none. */
    private int below(int device) {
        try {
            Path directory = sys.resolve(Naming.device(device)).toRealPath();
            if (Files.exists(directory.resolve("partition"))) {
                Path disk = directory.getParent();
                return disk == null ? 0 : number(disk);
            }
            Path only = only(directory.resolve("slaves"));
            return only == null ? 0 : number(only);
        } catch (IOException unknown) {
            return 0;
        }
    }

    private static @Nullable Path only(Path directory) throws IOException {
        Path only = null;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (only != null) {
                    return null;
                }
                only = entry;
            }
        }
        return only;
    }

    private static int number(Path disk) throws IOException {
        try (InputStream in = Files.newInputStream(disk.resolve("dev"))) {
            String[] numbers = new String(in.readNBytes(LONGEST), StandardCharsets.US_ASCII)
                    .strip()
                    .split(":", 2);
            return numbers.length < 2 ? 0 : Integer.parseInt(numbers[0]) << 20 | Integer.parseInt(numbers[1]);
        } catch (NumberFormatException malformed) {
            return 0;
        }
    }
}
