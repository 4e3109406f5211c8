package dev.writescope.container;

import java.nio.file.Path;

/**
 * Where the traced host's files are, seen from this process.
 *
 * @param root of the host's file system: "/", or where a container has it mounted
 */
public record HostPaths(Path root) {
    /** The environment variable that names the root when writescope itself runs in a container. */
    public static final String ROOT_VARIABLE = "WRITESCOPE_HOST_ROOT";

    /** The host as {@link #ROOT_VARIABLE} says, by default the one this process sees. */
    public static HostPaths ofEnvironment() {
        return new HostPaths(Path.of(System.getenv().getOrDefault(ROOT_VARIABLE, "/")));
    }

    /** Where an absolute path of the host is seen. */
    public Path resolve(String absolute) {
        return root.resolve(absolute.replaceFirst("^/+", "").replace('\0', '?'));
    }

    public Path proc() {
        return root.resolve("proc");
    }

    public Path run() {
        return root.resolve("run");
    }

    public Path var() {
        return root.resolve("var");
    }

    public Path home() {
        return root.resolve("home");
    }
}
