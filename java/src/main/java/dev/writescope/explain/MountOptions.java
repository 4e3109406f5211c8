package dev.writescope.explain;

import dev.writescope.evidence.Evidence.FileSystemFacts;
import dev.writescope.evidence.Evidence.MountFacts;
import java.util.List;
import java.util.Optional;

/** Remedies that mount a file system in another way, or make it anew. */
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
                        unmount(disk) + "; a remount cannot change it; of the root: rootflags=data=writeback",
                        "tune2fs -o journal_data_writeback " + disk,
                        "mount " + disk + " && grep data= "
                                + ShellWord.quote("/proc/fs/ext4/"
                                        + victim.devices()
                                                .path(victim.device())
                                                .substring("/dev/".length())
                                                .replace('/', '!')
                                        + "/options")
                                + "   # data=ordered: its fstab line says so, or it was mounted elsewhere too"),
                "a stop; after a crash, files written shortly before may hold old data of other files, deleted or other"
                        + " users': not where that matters. What is fsynced is safe as before"));
    }

    /** As long as one mount is left, also in a container, the next one has the old options. */
    private static String unmount(String disk) {
        return "umount --all-targets " + disk + "   # with the containers on it stopped";
    }

    /** A journal that takes more before it is full. */
    static List<Remedy> largerJournal(Victim victim) {
        String what = "make the journal larger";
        Optional<FileSystemFacts> fs =
                victim.devices().fileSystem(victim.device()).filter(facts -> facts.totalBytes() > 0);
        if (fs.filter(facts -> facts.fstype().startsWith("ext")).isPresent()) {
            return List.of(new Remedy(
                    what,
                    largerJournal(
                            ShellWord.quote(victim.devices().path(victim.device())),
                            journalMiB(fs.orElseThrow().totalBytes())),
                    "a stop while it is unmounted, and room; recovery after a crash reads more"));
        }
        if (fs.filter(facts -> facts.fstype().equals("xfs")).isPresent()) {
            return List.of(new Remedy(
                    what,
                    List.of(
                            "xfs_info " + Devices.mountPoint(victim.device())
                                    + "   # log: blocks times bsize, as it is",
                            "mkfs.xfs -l size=1g /dev/DISK   # a new one"),
                    "the size of an xfs's log is fixed when it is made: the data has to move"));
        }
        return List.of(new Remedy(
                "let it change fewer files and directories at once, or give it a file system of its own",
                List.of(),
                "a change of the application, or a disk"));
    }

    private static List<String> largerJournal(String disk, long sizeMiB) {
        return List.of(
                "dumpe2fs -h " + disk + " | grep -i 'journal size'   # as it is",
                unmount(disk),
                "e2fsck -fp " + disk + " && tune2fs -O ^has_journal " + disk + " && tune2fs -J size=" + sizeMiB + " "
                        + disk + "   # MiB",
                "# never without a journal: a crash would damage it",
                "dumpe2fs -h " + disk + " | grep -q has_journal && mount " + disk);
    }

    /** At least twice of what mke2fs makes by itself, and no more than a sixteenth of the room if that is enough. */
    static long journalMiB(long totalBytes) {
        return Math.clamp(totalBytes / (16 << 20), 32, 4096);
    }

    /**
     * Reading that writes nothing. Mounts of one file system have options of their own each, and keep nosuid and the like
     * only where no source is named; strictatime wins over noatime until it is taken back.
     */
    static List<Remedy> noatime(MountFacts mount) {
        return List.of(new Remedy(
                "mount with noatime",
                List.of(
                        "findmnt -lno TARGET -S " + ShellWord.quote(mount.realDevice())
                                + " | while IFS= read -r at; do mount -o remount,nostrictatime,noatime \"$at\"; done",
                        "# then start the container anew: until then its own mount stays as it is",
                        "# /etc/fstab, fourth field: noatime, and no strictatime",
                        "# Kubernetes: in the StorageClass, for volumes made from now on; of others in the PersistentVolume's spec",
                        "mountOptions: [noatime]"),
                "a restart of the container; programs that ask when a file was last read (some mail readers, tmpreaper) cannot tell any more; against"
                        + " relatime, the default, the gain is usually small"));
    }
}
