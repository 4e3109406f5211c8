package dev.writescope.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a recording says about the host it is from. */
final class HostFacts {
    private HostFacts() {}

    /** Its kernel's release. */
    static String kernel() {
        return firstLine(Path.of("/proc/sys/kernel/osrelease"), "unknown");
    }

    /** Architecture, processors and their model, such as "amd64, 2 × AMD EPYC 9B14". */
    static String machine() {
        String model = "";
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            model = lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("");
        } catch (IOException | UncheckedIOException unreadable) {
            // the architecture and the number of processors will do
        }
        int processors = Runtime.getRuntime().availableProcessors();
        return System.getProperty("os.arch") + ", " + processors + " × " + (model.isEmpty() ? "CPU" : model);
    }

    /** What Kubernetes calls the node, else the host's name. */
    static String name() {
        String node = System.getenv("NODE_NAME");
        return node != null ? node : firstLine(Path.of("/proc/sys/kernel/hostname"), "localhost");
    }

    private static String firstLine(Path file, String otherwise) {
        try {
            return Files.readString(file).strip();
        } catch (IOException unreadable) {
            return otherwise;
        }
    }
}
