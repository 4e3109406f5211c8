package dev.writescope.probe;

import dev.writescope.bpf.Capability;
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
    /** Those of the calling process. */
    static Capabilities own() {
        return read(Path.of("/proc/self/status"));
    }

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

    boolean has(Capability capability) {
        return (bits & capability.bit()) != 0;
    }

    boolean canRaiseMemlock() {
        return has(Capability.SYS_RESOURCE);
    }

    /** Those without which no program can be loaded. CAP_SYS_ADMIN includes them. */
    List<String> missingForTracing() {
        List<String> missing = new ArrayList<>();
        if (!has(Capability.SYS_ADMIN)) {
            addUnless(has(Capability.BPF), "CAP_BPF", missing);
            addUnless(has(Capability.PERFMON), "CAP_PERFMON", missing);
        }
        return missing;
    }

    /** Those without which containers and files are not named. */
    List<String> missingForNames() {
        List<String> missing = new ArrayList<>();
        addUnless(has(Capability.DAC_READ_SEARCH) || has(Capability.DAC_OVERRIDE), "CAP_DAC_READ_SEARCH", missing);
        addUnless(has(Capability.SYS_PTRACE), "CAP_SYS_PTRACE", missing);
        addUnless(has(Capability.SYSLOG) || has(Capability.SYS_ADMIN), "CAP_SYSLOG", missing);
        return missing;
    }

    private static void addUnless(boolean held, String name, List<String> missing) {
        if (!held) {
            missing.add(name);
        }
    }
}
