package dev.writescope.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where containerd keeps its tasks if it was told another state directory than the usual ones: a shim's working
 * directory is a bundle.
 */
final class ContainerdShims {
    private static final int MAX_COMM_BYTES = 64;

    private final HostPaths host;
    private @Nullable Set<Path> taskDirectories;

    ContainerdShims(HostPaths host) {
        this.host = host;
    }

    void forget() {
        taskDirectories = null;
    }

    /** The directories of the shims that run; looked for once until they are forgotten. */
    Set<Path> taskDirectories() {
        Set<Path> found = taskDirectories;
        if (found == null) {
            found = new HashSet<>();
            for (Path process : Directories.list(host.proc(), "[1-9]*")) {
                Path tasks = tasks(process);
                if (tasks != null) {
                    found.add(tasks);
                }
            }
            taskDirectories = found;
        }
        return found;
    }

    private @Nullable Path tasks(Path process) {
        try {
            // Anybody can call a process that; only root's are believed.
            if (!BoundedFile.readText(process.resolve("comm"), MAX_COMM_BYTES).startsWith("containerd-shim")
                    || !Integer.valueOf(0).equals(Files.getAttribute(process, "unix:uid"))) {
                return null;
            }
            Path bundle = Files.readSymbolicLink(process.resolve("cwd"));
            return host.resolve(bundle.resolve("../..").normalize().toString());
        } catch (IOException e) {
            return null;
        }
    }
}
