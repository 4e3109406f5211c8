package dev.writescope.latency;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this process costs. */
public record ProcessUsage(double cpuSeconds, long residentBytes) {
    /** USER_HZ, which is 100 on every Linux that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int PAGE = 4096;

    /** As of now; zeros if /proc cannot be read. */
    public static ProcessUsage now() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            List<String> fields =
                    List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            double ticks = (double) Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
            List<String> memory =
                    List.of(Files.readString(Path.of("/proc/self/statm")).split(" ", -1));
            return new ProcessUsage(ticks / TICKS_PER_SECOND, Long.parseLong(memory.get(1)) * PAGE);
        } catch (IOException | RuntimeException unreadable) {
            return new ProcessUsage(0, 0);
        }
    }
}
