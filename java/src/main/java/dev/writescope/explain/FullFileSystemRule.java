package dev.writescope.explain;

import dev.writescope.evidence.Evidence.FileSystemFacts;
import dev.writescope.evidence.Evidence.UpperDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A file system of the container has no inodes or no room left, or nearly so: soon nothing can be made on it. */
final class FullFileSystemRule implements Rule {
    /** Alike for everybody who watches disks. */
    static final double LEFT = 0.05;
    /** Of a large file system 5 % are still plenty. */
    static final long FEW_INODES = 100_000;

    static final long LITTLE_SPACE = 5L << 30;
    /** Documentation/filesystems/overlayfs.rst, "Changes to underlying filesystems". */
    private static final String BELOW =
            "what is in a container's layer is deleted in the container, since overlay does not stand changes below it";

    @Override
    public List<Cause> causes(Victim victim, double left) {
        List<Cause> causes = new ArrayList<>();
        for (FileSystemFacts fs : victim.evidence().fileSystems()) {
            if (victim.mounts(fs.device())) {
                if (inodesAreShort(fs)) {
                    inodes(victim, fs).ifPresent(causes::add);
                }
                if (spaceIsShort(fs)) {
                    space(victim, fs).ifPresent(causes::add);
                }
            }
        }
        return causes;
    }

    /** Whether the file system on a device is nearly full. */
    static boolean spaceIsShort(Victim victim, String device) {
        return victim.devices()
                .fileSystem(device)
                .map(FullFileSystemRule::spaceIsShort)
                .orElse(false);
    }

    private static boolean spaceIsShort(FileSystemFacts fs) {
        return fs.totalBytes() > 0 && fs.freeBytes() < LEFT * fs.totalBytes() && fs.freeBytes() < LITTLE_SPACE;
    }

    private static boolean inodesAreShort(FileSystemFacts fs) {
        return fs.totalInodes() > 0 && fs.freeInodes() < LEFT * fs.totalInodes() && fs.freeInodes() < FEW_INODES;
    }

    private static Optional<Cause> inodes(Victim victim, FileSystemFacts fs) {
        Belief belief = new Belief()
                .because(fs.freeInodes() + " of " + fs.totalInodes() + " inodes are left, and "
                        + Words.bytes(fs.freeBytes()) + " of " + Words.bytes(fs.totalBytes()));
        layers(victim, fs)
                .forEach(layer -> belief.because("the writable layer of " + Words.name(layer.container()) + " has "
                        + Words.count(layer.files(), "file", "files") + (layer.complete() ? "" : " or more") + ", "
                        + layer.smallFiles() + " of them below 4 KiB"));
        String directory = directory(victim, fs);
        return Cause.ofFailure(
                Cause.Name.INODES,
                victim.isOn(fs.device()),
                "The file system on " + victim.devices().shown(fs.device()) + " runs out of inodes: " + fs.freeInodes()
                        + " of " + fs.totalInodes() + " are left",
                belief,
                List.of(
                        new Remedy(
                                "find and remove what is many and small",
                                List.of("du --inodes -x -d 3 " + directory + " | sort -n | tail"),
                                "nothing, until you delete; " + BELOW),
                        new Remedy(
                                "keep many small files on a file system made for them",
                                List.of(
                                        "mkfs.ext4 -i 4096 /dev/DISK   # an inode for every 4 KiB; or mkfs.xfs, which makes them"
                                                + " as needed"),
                                "the number of an ext4's inodes is fixed when it is made: the data has to move, and inodes"
                                        + " take 6 % of the room at that ratio")));
    }

    private static Optional<Cause> space(Victim victim, FileSystemFacts fs) {
        Belief belief =
                new Belief().because(Words.bytes(fs.freeBytes()) + " of " + Words.bytes(fs.totalBytes()) + " are free");
        layers(victim, fs)
                .forEach(layer -> belief.because("the writable layer of " + Words.name(layer.container()) + " has "
                        + Words.bytes(layer.bytes()) + (layer.complete() ? "" : " or more")));
        return Cause.ofFailure(
                Cause.Name.SPACE,
                victim.isOn(fs.device()),
                "The file system on " + victim.devices().shown(fs.device()) + " is nearly full: "
                        + Words.bytes(fs.freeBytes()) + " are free",
                belief,
                List.of(new Remedy(
                        "free or add room",
                        List.of("du -x -d 3 " + directory(victim, fs) + " | sort -n | tail"),
                        "nothing, until you delete; " + BELOW
                                + "; near its end a file system also takes longer to find room")));
    }

    private static List<UpperDirectory> layers(Victim victim, FileSystemFacts fs) {
        return victim.evidence().upperDirectories().stream()
                .filter(layer -> victim.evidence().mounts().stream()
                        .anyMatch(mount -> mount.container().equals(layer.container())
                                && mount.mount().upperdir().equals(layer.path())
                                && mount.realDevice().equals(fs.device())))
                .sorted(java.util.Comparator.comparingLong(UpperDirectory::files)
                        .reversed())
                .limit(3)
                .toList();
    }

    /** For a shell. */
    private static String directory(Victim victim, FileSystemFacts fs) {
        return layers(victim, fs).stream()
                .findFirst()
                .map(layer -> ShellWord.quote(layer.path()))
                .orElseGet(() -> Devices.mountPoint(fs.device()));
    }
}
