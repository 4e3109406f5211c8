package dev.writescope.bpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The libbpf in use.
 *
 * @param version as it says itself, "1.1"
 * @param file where it was loaded from; empty if that is not known
 */
public record LibbpfLibrary(String version, String file) {
    /**
     * Loads it, if it is not yet.
     *
     * @throws UnsatisfiedLinkError says why not and what to do
     */
    public static LibbpfLibrary load() {
        String version = NativeLibrary.string(Libbpf.get().versionString.call());
        return new LibbpfLibrary(version.startsWith("v") ? version.substring(1) : version, mappedFile());
    }

    private static String mappedFile() {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(map -> map.contains("libbpf"))
                    .map(map -> map.substring(Math.max(0, map.indexOf('/'))))
                    .findFirst()
                    .orElse("");
        } catch (IOException unknown) {
            return "";
        }
    }
}
