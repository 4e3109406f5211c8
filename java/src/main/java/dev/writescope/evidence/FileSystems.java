package dev.writescope.evidence;

import dev.writescope.bpf.FileSystemUsage;
import dev.writescope.container.HostPaths;
import dev.writescope.container.Mount;
import dev.writescope.container.MountInfo;
import dev.writescope.evidence.Evidence.FileSystemFacts;
import dev.writescope.evidence.Evidence.Journal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file systems that hold what containers write. */
final class FileSystems {
    private static final int MAX_FILE_SYSTEMS = 256;
    private static final int MAX_OPTIONS_CHARS = 8192;
    /** No server that could keep us waiting is behind these. */
    private static final Set<String> LOCAL = Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "bcachefs", "zfs");

    private static final FileSystemUsage UNKNOWN = new FileSystemUsage(0, 0, 0, 0);

    private static final Set<String> EXT = Set.of("ext2", "ext3", "ext4");

    private final HostPaths host;
    private final Missing missing;

    FileSystems(HostPaths host, Missing missing) {
        this.host = host;
        this.missing = missing;
    }

    List<FileSystemFacts> read(
            List<ContainerMounts.Found> mounts, DiskStatistics disks, Map<String, Journal> journals) {
        Map<String, Mount> byDevice = hostMounts();
        Map<String, ContainerMounts.Found> distinct = new LinkedHashMap<>();
        mounts.forEach(found -> distinct.putIfAbsent(found.facts().realDevice(), found));
        List<FileSystemFacts> facts = new ArrayList<>();
        for (ContainerMounts.Found found : distinct.values()) {
            Mount mount = found.facts().mount();
            String device = found.facts().realDevice();
            Mount holder = mount.upperdir().isEmpty() ? mount : byDevice.get(device);
            if (holder == null) {
                missing.add("file system " + device, "below an overlay, and not mounted where this process can see it");
            } else if (LOCAL.contains(holder.fstype()) && facts.size() < MAX_FILE_SYSTEMS) {
                facts.add(facts(device, holder, found.seen(), disks.name(device).replace('/', '!'), journals));
            }
        }
        return facts;
    }

    private FileSystemFacts facts(
            String device, Mount mount, @Nullable Path seen, String name, Map<String, Journal> journals) {
        FileSystemUsage usage = usage(seen, device);
        boolean ext = EXT.contains(mount.fstype()) && !name.isEmpty();
        String options = ext ? extOptions(name, mount.superOptions()) : mount.superOptions();
        Journal journal = ext ? journals.get(name) : null;
        if (journal == null && options.contains("data=")) {
            missing.add("journal of " + name, "/proc/fs/jbd2 has none of its name: it may be on another device");
        }
        return new FileSystemFacts(
                device,
                mount.fstype(),
                mount.source(),
                options,
                journal,
                usage.totalBytes(),
                usage.freeBytes(),
                usage.totalInodes(),
                usage.freeInodes(),
                ext ? errors(name) : 0);
    }

    /** One a line, defaults included, which mountinfo leaves out. */
    private String extOptions(String name, String otherwise) {
        String options = KernelText.readOrEmpty(
                host.proc().resolve("fs/ext4").resolve(name).resolve("options"));
        if (options.isEmpty() || options.length() > MAX_OPTIONS_CHARS) {
            missing.add("default options of " + name, "/proc/fs/ext4/" + name + "/options cannot be read");
            return otherwise;
        }
        return String.join(",", options.split("\\s+"));
    }

    private long errors(String name) {
        return Math.max(
                0, KernelText.number(KernelText.readOrEmpty(host.resolve("/sys/fs/ext4/" + name + "/errors_count"))));
    }

    private FileSystemUsage usage(@Nullable Path seen, String device) {
        try {
            return seen == null ? UNKNOWN : FileSystemUsage.of(seen);
        } catch (IOException gone) {
            missing.add("free space and inodes of " + device, gone, "CAP_SYS_PTRACE");
            return UNKNOWN;
        }
    }

    /** Mounts of the host by device. */
    private Map<String, Mount> hostMounts() {
        Map<String, Mount> mounts = new LinkedHashMap<>();
        for (String process : List.of("1", "self")) {
            try {
                MountInfo.read(host.proc().resolve(process).resolve("mountinfo"), false)
                        .forEach(mount -> mounts.putIfAbsent(mount.device(), mount));
            } catch (IOException hidden) {
                // Our own will do where init's is not to be seen.
            }
        }
        return mounts;
    }
}
