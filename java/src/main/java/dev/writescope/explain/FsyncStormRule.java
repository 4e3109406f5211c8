package dev.writescope.explain;

import dev.writescope.container.MountClass;
import dev.writescope.latency.Activity;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.List;
import java.util.stream.Collectors;

/**
 * It syncs so often that syncing is what it does, and each sync is short of data: many new files that are synced once
 * each, or one file without grouping.
 */
final class FsyncStormRule implements Rule {
    /** A device that needs 5 ms for a sync spends half of its time on so many. */
    static final double LEAST_RATE = 100;
    /** Of files that are synced once, each costs the journal an inode and a directory block besides. */
    static final double LEAST_RATE_OF_FILES = 20;
    /** A file that is synced no more often was made to be synced. */
    static final int ONCE = 2;
    /** Of the syncs seen, such files have at least so many; the busiest files are seen first, and these are not. */
    static final double PART_OF_FILES = 0.25;
    /** Enough to be no coincidence. */
    static final int MANY_FILES = 20;

    @Override
    public List<Cause> causes(Victim victim, double left) {
        if (victim.operation() != Operation.FSYNC
                || victim.waitingThreads() < Severity.BUSY_THREADS
                || left < victim.severity().leastShare()) {
            return List.of();
        }
        List<Activity> syncs = victim.observed().activity().stream()
                .filter(act ->
                        act.container().equals(victim.container()) && act.kind().operation() == Operation.FSYNC)
                .toList();
        var perFile = syncs.stream()
                .collect(Collectors.groupingBy(
                        act -> act.file().isEmpty() ? "pid " + act.pid() : act.file(),
                        Collectors.summingLong(Activity::count)));
        long once = perFile.values().stream().filter(count -> count <= ONCE).count();
        double seen = Math.max(1, syncs.stream().mapToLong(Activity::count).sum());
        long ofThem = perFile.values().stream()
                .filter(count -> count <= ONCE)
                .mapToLong(Long::longValue)
                .sum();
        boolean files =
                once >= MANY_FILES && ofThem >= PART_OF_FILES * seen && victim.perSecond() >= LEAST_RATE_OF_FILES;
        if (!files && victim.perSecond() < LEAST_RATE) {
            return List.of();
        }
        Belief belief = new Belief()
                .because(Words.rate(victim.perSecond()) + " syncs, " + Words.duration(victim.waitingThreads() * 1e9)
                        + " of waiting in every second")
                .because(Words.bytes(bytesPerSync(victim)) + " are written for each of them");
        if (files) {
            belief.because(
                    once + " of the " + perFile.size() + " files that it was seen to sync were synced no more than "
                            + ONCE + " times: files made only to be synced");
        } else {
            belief.but("they go to " + Words.count(perFile.size(), "file", "files") + ", "
                            + Words.figure(seen / Math.max(1, perFile.size())) + " to each: this may be its work")
                    .but("a faster device would do as well");
        }
        return Cause.ofTime(
                        Cause.Name.FSYNC_STORM,
                        "",
                        left * (1 - victim.share(Stage.RUNNABLE)),
                        files
                                ? "It makes many small files and syncs each: " + Words.rate(victim.perSecond())
                                        + ", and every one needs a commit of the journal"
                                : "It syncs " + Words.rate(victim.perSecond())
                                        + ", and does little else than wait for that",
                        belief,
                        Syncs.fewer(victim))
                .stream()
                .toList();
    }

    private static double bytesPerSync(Victim victim) {
        double written = victim.observed().series().stream()
                .filter(each -> each.key().container().equals(victim.container())
                        && each.key().operation() == Operation.WRITE
                        && each.key().stage() == Stage.TOTAL
                        && each.key().place().mountClass() != MountClass.TMPFS)
                .mapToLong(SeriesInterval::bytes)
                .sum();
        return written / Math.max(1, victim.total().count());
    }
}
