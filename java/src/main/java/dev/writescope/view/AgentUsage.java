package dev.writescope.view;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What this process has cost so far.
 *
 * @param rssBytes resident memory, 0 when not known
 */
record AgentUsage(Duration cpu, long rssBytes) {
    private static final Path STATUS = Path.of("/proc/self/status");
    static final AgentUsage NONE = new AgentUsage(Duration.ZERO, 0);

    static AgentUsage now() {
        return new AgentUsage(ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO), residentBytes());
    }

    private static long residentBytes() {
        try {
            return Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | NumberFormatException unknown) {
            return 0;
        }
    }
}
