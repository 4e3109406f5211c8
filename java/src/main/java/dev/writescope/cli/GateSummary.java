package dev.writescope.cli;

import dev.writescope.gate.GateResult;
import dev.writescope.recording.OutputFile;
import dev.writescope.view.GateJson;
import dev.writescope.view.GateJunit;
import dev.writescope.view.GateMarkdown;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/** Files with a gate's verdict, in the format that their names say. */
record GateSummary(List<Path> files) {
    /** Fails before a long run if a file cannot be written. */
    void check() throws IOException {
        for (Path file : files) {
            OutputFile.check(file);
        }
    }

    void write(GateResult result) throws IOException {
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            boolean whole = name.endsWith(".json") || name.endsWith(".xml");
            try (OutputStream out = whole ? OutputFile.replace(file) : OutputFile.append(file)) {
                if (name.endsWith(".json")) {
                    GateJson.write(result, out);
                } else if (name.endsWith(".xml")) {
                    GateJunit.write(result, out);
                } else {
                    GateMarkdown.write(result, out);
                }
            }
        }
    }
}
