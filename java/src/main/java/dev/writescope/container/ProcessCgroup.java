package dev.writescope.container;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The cgroup of a process in each id space, below the mounts; "" where it is not known.
 *
 * @param task in the default hierarchy
 * @param block in the blkio hierarchy of v1, else the same
 */
record ProcessCgroup(String task, String block) {
    private static final int MAX_BYTES = 1 << 16;

    static ProcessCgroup read(HostPaths host) {
        return read(host.proc().resolve("self/cgroup"));
    }

    /** Reads /proc/PID/cgroup; of a process that is not there nothing is known. */
    static ProcessCgroup read(Path file) {
        String task = "";
        String block = "";
        try {
            for (String line : BoundedFile.readText(file, MAX_BYTES).split("\n", -1)) {
                String[] fields = line.split(":", 3);
                if (fields.length == 3 && fields[1].isEmpty()) {
                    task = fields[2];
                } else if (fields.length == 3
                        && List.of(fields[1].split(",", -1)).contains("blkio")) {
                    block = fields[2];
                }
            }
        } catch (IOException gone) {
            return new ProcessCgroup("", "");
        }
        return new ProcessCgroup(task, block.isEmpty() ? task : block);
    }
}
