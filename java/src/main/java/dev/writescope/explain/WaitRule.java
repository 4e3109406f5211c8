package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.probe.Stage;
import java.util.List;
import java.util.function.Function;

/**
 * A wait that says by its place in the kernel what it is, and not whose fault.
 *
 * @param sentence follows the share of the time
 * @param doubt what is not known of it; empty when it says all
 */
record WaitRule(Cause.Name name, Stage stage, String sentence, String doubt, Function<Victim, List<Remedy>> remedies)
        implements Rule {
    /** More than a sideshow: without evidence of its own, a wait has to be a good part of the time. */
    static final double LEAST_SHARE = 0.2;

    static final List<WaitRule> ALL = List.of(
            new WaitRule(
                    Cause.Name.CPU,
                    Stage.RUNNABLE,
                    "It waits for a CPU: its threads are ready to run, and do not get to",
                    "whether its own CPU limit or the load of the host holds it back was not measured",
                    victim -> List.of(new Remedy(
                            "raise its CPU request and limit",
                            List.of(
                                    "# cpu.max of its cgroup; nr_throttled in cpu.stat says whether the limit is the reason",
                                    cpu(victim.container())),
                            "CPU time that others do not get"))),
            new WaitRule(
                    Cause.Name.LOCK,
                    Stage.LOCK,
                    "Its threads wait for each other, at locks of a file or a directory",
                    "which thread holds the lock was not measured",
                    _ -> List.of(new Remedy(
                            "let fewer threads write to the same file or directory: a file for each, or one writer for all",
                            List.of(),
                            "a change of the application"))),
            new WaitRule(
                    Cause.Name.JOURNAL_FULL,
                    Stage.JOURNAL,
                    "It waits to begin a transaction: the journal is locked or full",
                    "whether the journal is too small was not measured",
                    MountOptions::largerJournal),
            new WaitRule(
                    Cause.Name.FUSE_SERVER,
                    Stage.SERVER,
                    "It waits for a file system in user space to answer",
                    "",
                    _ -> List.of(new Remedy(
                            "write to a file system of the kernel: a volume, or overlayfs in place of fuse-overlayfs",
                            List.of(),
                            "rootless containers need Linux 5.13 or later for overlayfs of the kernel"))),
            new WaitRule(
                    Cause.Name.READS_FIRST,
                    Stage.READ,
                    "Its writes have to read first: they change parts of blocks that are not in memory",
                    "",
                    _ -> List.of(new Remedy(
                            "write whole, aligned blocks of 4 KiB or a multiple; give it memory to cache what it changes",
                            List.of(),
                            "a change of the application, or memory"))));

    /** How many CPUs are enough was not measured: some to begin with. */
    private static String cpu(Container container) {
        return switch (container.runtime()) {
            case "docker", "podman" -> container.runtime() + " update --cpus 2 " + ShellWord.quote(container.id());
            case "lxc" -> "lxc.cgroup2.cpu.max = 200000 100000   # in its configuration";
            default -> "resources: {requests: {cpu: \"1\"}, limits: {cpu: \"2\"}}   # of the container in its pod";
        };
    }

    @Override
    public List<Cause> causes(Victim victim, double left) {
        double share = Math.min(left, victim.share(stage));
        if (!victim.severity().isUnusual() || share < LEAST_SHARE) {
            return List.of();
        }
        Belief belief = new Belief()
                .because("that takes " + Words.percent(share) + " of the time, at P99 "
                        + Words.duration(
                                victim.parts().get(stage) == null
                                        ? 0
                                        : victim.parts().get(stage).percentileNs(99)))
                .but(!doubt.isEmpty(), doubt);
        return Cause.ofTime(name, "", share, sentence, belief, remedies.apply(victim)).stream()
                .toList();
    }
}
