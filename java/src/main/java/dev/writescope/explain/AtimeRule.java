package dev.writescope.explain;

import dev.writescope.evidence.Evidence.CgroupIo;
import dev.writescope.evidence.Evidence.MountFacts;
import dev.writescope.probe.Stage;
import java.util.List;

/** Every read of a file dirties its inode, because the mount keeps times of access strictly. */
final class AtimeRule implements Rule {
    /** Fewer reads dirty no inodes to speak of. */
    static final double LEAST_READS_PER_SECOND = 10;

    private static final double WEIGHT = 0.2;

    @Override
    public List<Cause> causes(Victim victim, double left) {
        double reads = victim.evidence().cgroups().stream()
                        .filter(io -> io.container().equals(victim.container()) && victim.isOn(io.device()))
                        .mapToLong(CgroupIo::reads)
                        .sum()
                / victim.seconds();
        double journal = victim.share(NeighbourJournalRule.commit()) + victim.share(Stage.JOURNAL);
        if (!victim.severity().isUnusual()
                || reads < LEAST_READS_PER_SECOND
                || journal < victim.severity().leastShare()) {
            return List.of();
        }
        return victim.evidence().mounts().stream()
                .filter(mount -> mount.container().equals(victim.container()) && isStrict(mount))
                .filter(mount -> victim.isOn(mount.realDevice()))
                .findFirst()
                .flatMap(mount -> Cause.ofState(
                        Cause.Name.ATIME,
                        "",
                        WEIGHT * journal,
                        "The mount " + Words.name(mount.mount().point())
                                + " keeps times of access strictly, so that reading writes",
                        new Belief()
                                .because("its options are "
                                        + Words.name(mount.mount().options()))
                                .because(Words.rate(reads) + " reads from the device")
                                .but(
                                        "how many of the commits' blocks are inodes of files that were read was not measured"),
                        MountOptions.noatime(mount)))
                .stream()
                .toList();
    }

    /** The kernel lists relatime and noatime, and nothing for strictatime. */
    private static boolean isStrict(MountFacts mount) {
        List<String> options = List.of(mount.mount().options().split(",", -1));
        return options.contains("rw")
                && !options.contains("noatime")
                && !options.contains("relatime")
                && !mount.mount().fstype().equals("overlay");
    }
}
