package dev.writescope.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The effective capabilities of this process.
 *
 * @param bits one per capability, by its number
 */
record Capabilities(long bits) {
    private static final int DAC_OVERRIDE = 1;
    private static final int DAC_READ_SEARCH = 2;
    private static final int SYS_PTRACE = 19;
    private static final int SYS_ADMIN = 21;
    private static final int SYS_RESOURCE = 24;
    private static final int SYSLOG = 34;
    private static final int PERFMON = 38;
    private static final int BPF = 39;

    /** From /proc/self/status; none if it cannot be read. */
    static Capabilities read(Path status) {
        try {
            for (String line : Files.readAllLines(status)) {
                if (line.startsWith("CapEff:")) {
                    return new Capabilities(
                            Long.parseUnsignedLong(line.substring(7).strip(), 16));
                }
            }
        } catch (IOException | NumberFormatException unreadable) {
            return new Capabilities(0);
        }
        return new Capabilities(0);
    }

    private boolean has(int capability) {
        return (bits >>> capability & 1) != 0;
    }

    boolean canRaiseMemlock() {
        return has(SYS_RESOURCE);
    }

    /** Those without which no program can be loaded. CAP_SYS_ADMIN includes them. */
    List<String> missingForTracing() {
        List<String> missing = new ArrayList<>();
        if (!has(SYS_ADMIN)) {
            addUnless(has(BPF), "CAP_BPF", missing);
            addUnless(has(PERFMON), "CAP_PERFMON", missing);
        }
        return missing;
    }

    /** Those without which containers and files are not named. */
    List<String> missingForNames() {
        List<String> missing = new ArrayList<>();
        addUnless(has(DAC_READ_SEARCH) || has(DAC_OVERRIDE), "CAP_DAC_READ_SEARCH", missing);
        addUnless(has(SYS_PTRACE), "CAP_SYS_PTRACE", missing);
        addUnless(has(SYSLOG) || has(SYS_ADMIN), "CAP_SYSLOG", missing);
        return missing;
    }

    private static void addUnless(boolean held, String name, List<String> missing) {
        if (!held) {
            missing.add(name);
        }
    }
}
