package dev.writescope.cli;

import dev.writescope.gate.GateResult;
import dev.writescope.view.GateJson;
import dev.writescope.view.GateJunit;
import dev.writescope.view.GateMarkdown;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Files with a gate's verdict, in the format that their names say. */
record GateSummary(List<Path> files) {
    /** Fails before a long run if a file cannot be written. */
    void check() throws UsageException {
        for (Path file : files) {
            Path directory = file.toAbsolutePath().getParent();
            if (Files.isDirectory(file) || directory == null || !Files.isWritable(directory)) {
                throw new UsageException("cannot write the summary " + file + ": choose another --summary");
            }
        }
    }

    void write(GateResult result) throws IOException {
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(".json")) {
                try (OutputStream out = Files.newOutputStream(file)) {
                    GateJson.write(result, out);
                }
            } else if (name.endsWith(".xml")) {
                try (OutputStream out = Files.newOutputStream(file)) {
                    GateJunit.write(result, out);
                }
            } else {
                try (OutputStream out =
                        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                    GateMarkdown.write(result, out);
                }
            }
        }
    }
}
