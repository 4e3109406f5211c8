package dev.writescope.evidence;

import dev.writescope.bpf.Memory;
import dev.writescope.container.Directories;
import dev.writescope.container.HostPaths;
import dev.writescope.evidence.Evidence.DirtyMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Dirty memory of the host: the most that was seen of it, and its limits as they are now, from /proc/vmstat. */
final class DirtyPages {
    private static final int MAX_SETTING_CHARS = 64;

    private final HostPaths host;
    private final Missing missing;
    private long dirty;
    private long writeback;
    private long threshold;
    private long background;

    DirtyPages(HostPaths host, Missing missing) {
        this.host = host;
        this.missing = missing;
        sample();
    }

    /** One read of a file: cheap enough for every interval. */
    void sample() {
        try {
            Map<String, Long> pages =
                    KernelText.numbersByLine(KernelText.read(host.proc().resolve("vmstat")));
            dirty = Math.max(dirty, bytes(pages, "nr_dirty"));
            writeback = Math.max(writeback, bytes(pages, "nr_writeback"));
            threshold = bytes(pages, "nr_dirty_threshold");
            background = bytes(pages, "nr_dirty_background_threshold");
        } catch (IOException unreadable) {
            missing.add("dirty memory", unreadable, "a readable /proc");
        }
    }

    private static long bytes(Map<String, Long> pages, String name) {
        return Math.min(pages.getOrDefault(name, 0L), Long.MAX_VALUE / Memory.PAGE_SIZE) * Memory.PAGE_SIZE;
    }

    DirtyMemory finish() {
        sample();
        Map<String, String> settings = new TreeMap<>();
        for (Path setting : Directories.list(host.proc().resolve("sys/vm"), "dirty*_*")) {
            String value = KernelText.readOrEmpty(setting);
            if (!value.isEmpty() && value.length() <= MAX_SETTING_CHARS) {
                settings.put("vm." + Directories.name(setting), value);
            }
        }
        return new DirtyMemory(dirty, writeback, threshold, background, Map.copyOf(settings));
    }
}
