package dev.writescope.explain;

import dev.writescope.evidence.Evidence.FileSystemFacts;
import dev.writescope.evidence.Evidence.MountFacts;
import java.util.List;
import java.util.Optional;

/** Remedies that mount a file system in another way. */
final class MountOptions {
    private MountOptions() {}

    /** Commits that write out no data; only where they are seen to. */
    static List<Remedy> writeback(Victim victim) {
        Optional<FileSystemFacts> ordered = victim.devices()
                .fileSystem(victim.device())
                .filter(fs -> fs.fstype().equals("ext4") && fs.options().contains("data=ordered"));
        if (ordered.isEmpty()) {
            return List.of();
        }
        String disk = ShellWord.quote(victim.devices().path(victim.device()));
        return List.of(new Remedy(
                "mount the file system with data=writeback, so that a commit writes no file's data",
                List.of(
                        "umount " + disk + "   # a remount cannot change it; of the root: rootflags=data=writeback",
                        "tune2fs -o journal_data_writeback " + disk,
                        "mount " + disk + "   # its fstab line must not say data=ordered"),
                "after a crash, files written shortly before may contain old data of other files, deleted ones and"
                        + " other users' included: not where that matters. What is fsynced is safe as before"));
    }

    /** Reading that writes nothing. */
    static List<Remedy> noatime(Victim victim, MountFacts mount) {
        String source = victim.devices().path(mount.realDevice());
        return List.of(new Remedy(
                "mount with noatime",
                List.of(
                        "mount -o remount,noatime " + ShellWord.quote(source) + " \"$(findmnt -no TARGET "
                                + ShellWord.quote(source) + " | head -n 1)\"",
                        "# /etc/fstab, fourth field: defaults,noatime",
                        "# Kubernetes, in the StorageClass of the volume",
                        "mountOptions: [noatime]"),
                "programs that ask when a file was last read (some mail readers, tmpreaper) cannot tell any more; against"
                        + " relatime, the default, the gain is usually small"));
    }
}
