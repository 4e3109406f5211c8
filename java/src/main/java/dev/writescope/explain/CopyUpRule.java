package dev.writescope.explain;

import dev.writescope.evidence.Evidence.MountFacts;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Files of the image are changed for the first time, and overlay copies each whole before. */
final class CopyUpRule implements Rule {
    /** A commit writes a few blocks for each block of data; much more than that was not written by any call. */
    static final double AMPLIFICATION = 8;

    static final double LEAST_BYTES_PER_SECOND = 1e6;
    /** Beside causes that take time: whoever opens the file waits, and that is not measured. */
    private static final double WEIGHT = 0.6;

    @Override
    public List<Cause> causes(Victim victim, double left) {
        return timed(victim).or(() -> synced(victim)).or(() -> amplified(victim)).stream()
                .toList();
    }

    /** Opens that copied: operations of their own, where system calls are seen. */
    private static Optional<Cause> timed(Victim victim) {
        SeriesInterval copies = victim.copies();
        double share = victim.shareOfCopies();
        if (copies == null || share < Explainer.LEAST_SHARE || mean(copies) < Severity.SLOW_WRITE_NS) {
            return Optional.empty();
        }
        Belief belief = new Belief()
                .because(Words.count(copies.count(), "open that copied", "opens that copied") + " took "
                        + Words.duration(mean(copies)) + " on average, and " + Words.percent(share) + " of the time");
        return cause(victim, share, belief);
    }

    private static double mean(SeriesInterval copies) {
        return (double) copies.sumNs() / copies.count();
    }

    /** The syncs that end copies, where functions are seen. */
    private static Optional<Cause> synced(Victim victim) {
        double share = victim.share(Stage.COPY_UP);
        if (share < victim.severity().leastShare()) {
            return Optional.empty();
        }
        return cause(
                victim,
                share,
                new Belief().because(Words.percent(share) + " of the time went to copying files of the image"));
    }

    private static Optional<Cause> cause(Victim victim, double share, Belief belief) {
        longest(victim).ifPresent(event -> belief.because("the longest: " + shown(event)));
        return Cause.ofTime(Cause.Name.COPY_UP, "", share, sentence(victim), belief, Layout.copyUp(victim));
    }

    /** Copies that nobody timed: the container's requests write far more than its calls do. */
    private static Optional<Cause> amplified(Victim victim) {
        Optional<MountFacts> overlay = victim.evidence().mounts().stream()
                .filter(mount -> mount.container().equals(victim.container())
                        && mount.mount().fstype().equals("overlay"))
                .findFirst();
        if (overlay.isEmpty() || victim.copies() != null || !victim.severity().isUnusual()) {
            return Optional.empty();
        }
        double called = bytes(victim, Operation.WRITE, "");
        double requested = bytes(victim, Operation.BLOCK, overlay.get().realDevice());
        double rate = (requested - called) / victim.seconds();
        if (requested < AMPLIFICATION * called || rate < LEAST_BYTES_PER_SECOND) {
            return Optional.empty();
        }
        Belief belief = new Belief()
                .because("its requests wrote " + Words.bytes(requested) + " and its calls only " + Words.bytes(called))
                .but("no copying of a file was seen")
                .but("writes through mmap or io_uring, and those from before the window, look the same")
                .because("its root is an overlay on "
                        + victim.devices().shown(overlay.get().realDevice()));
        return Cause.ofState(
                Cause.Name.COPY_UP,
                "",
                WEIGHT,
                "Its requests write " + Words.bytes(rate)
                        + "/s more than its calls do, as they do when files of the image are copied up before they are changed",
                belief,
                Layout.copyUp(victim));
    }

    private static double bytes(Victim victim, Operation operation, String device) {
        return victim.observed().series().stream()
                .filter(each -> each.key().container().equals(victim.container())
                        && each.key().operation() == operation
                        && each.key().stage() == Stage.TOTAL
                        && (operation != Operation.BLOCK || each.key().kind() == Kind.BLOCK_WRITE))
                .filter(each -> device.isEmpty()
                        || victim.devices().same(each.key().place().device(), device))
                .mapToLong(SeriesInterval::bytes)
                .sum();
    }

    private static Optional<SlowEvent> longest(Victim victim) {
        return victim.observed().slow().stream()
                .filter(event -> event.container().equals(victim.container())
                        && (event.phases().containsKey(Stage.COPY_UP.label()) || event.kind() == Kind.COPY_UP))
                .max(Comparator.comparingLong(SlowEvent::latencyNs));
    }

    private static String shown(SlowEvent event) {
        return (event.file().isEmpty() ? "a file" : Words.name(event.file())) + " by " + Words.name(event.comm()) + "["
                + event.pid() + "], " + Words.duration(event.latencyNs());
    }

    private static String sentence(Victim victim) {
        return longest(victim)
                .filter(event -> !event.file().isEmpty())
                .map(event -> "Overlay copies files of the image up before they are changed, such as "
                        + Words.name(event.file()))
                .orElse("Overlay copies files of the image up before they are changed");
    }
}
