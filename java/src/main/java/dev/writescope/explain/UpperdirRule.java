package dev.writescope.explain;

import dev.writescope.container.MountClass;
import dev.writescope.evidence.Evidence.UpperDirectory;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.List;
import java.util.Optional;

/**
 * What it writes lands in its writable overlay layer: on the disk and in the journal of the runtime, through one more file
 * system, and gone with the container. A sync there is a contradiction, since it asks for what the place cannot give.
 */
final class UpperdirRule implements Rule {
    /** Once a second: no accident of start-up. */
    static final double LEAST_SYNCS = 1;
    /** A layer is for a few changed files; so much is data. */
    static final double LEAST_BYTES_PER_SECOND = 1e6;
    /** A volume that is half as slow is another disk, or less loaded. */
    static final double FASTER = 0.5;
    /** So that two means can be compared. */
    static final int LEAST_TO_COMPARE = 20;
    /** Of each second, where a single operation is not slow: less is no answer to why something is. */
    static final double LEAST_WAITING = 0.05;
    /** Beside causes that take time: the layer's own share of it is not known. */
    private static final double WEIGHT = 0.5;

    @Override
    public List<Cause> causes(Victim victim, double left) {
        List<SeriesInterval> there = victim.series().stream()
                .filter(each -> each.key().place().mountClass() == MountClass.UPPERDIR)
                .toList();
        double rate = there.stream().mapToLong(SeriesInterval::count).sum() / victim.seconds();
        double bytes = there.stream().mapToLong(SeriesInterval::bytes).sum() / victim.seconds();
        boolean sync = victim.operation() == Operation.FSYNC;
        boolean much = sync ? rate >= LEAST_SYNCS : bytes >= LEAST_BYTES_PER_SECOND;
        if (!much || victim.timeOn(MountClass.UPPERDIR) < Explainer.MOST) {
            return List.of();
        }
        String what = sync ? Words.rate(rate) + " syncs" : Words.bytes(bytes) + "/s of writes";
        Belief belief = new Belief()
                .because(what + " go to its writable layer, " + Words.percent(victim.timeOn(MountClass.UPPERDIR))
                        + " of the time in " + victim.operation().label());
        layer(victim)
                .ifPresent(layer -> belief.because("the layer has "
                        + Words.count(layer.files(), "file", "files") + ", " + layer.smallFiles()
                        + " of them below 4 KiB, in "
                        + Words.bytes(layer.bytes()) + (layer.complete() ? "" : " at least")));
        double slower = compare(victim, there, belief);
        if (!victim.severity().noticeable() && victim.waitingThreads() < LEAST_WAITING) {
            return List.of();
        }
        String sentence = "It writes to its writable overlay layer, not to a volume: " + what;
        List<Remedy> remedies = Layout.volume(victim);
        return (slower > 0
                        ? Cause.ofTime(Cause.Name.UPPERDIR, "", left * slower, sentence, belief, remedies)
                        : Cause.ofState(Cause.Name.UPPERDIR, "", left * WEIGHT, sentence, belief, remedies))
                .stream().toList();
    }

    /** By how much of its mean it is slower than on the container's own volume; 0 if it is not, or nobody can tell. */
    private static double compare(Victim victim, List<SeriesInterval> there, Belief belief) {
        List<SeriesInterval> volumes = victim.series().stream()
                .filter(each -> each.key().place().mountClass() == MountClass.VOLUME
                        && each.key().stage() == Stage.TOTAL)
                .toList();
        long count = volumes.stream().mapToLong(SeriesInterval::count).sum();
        if (count < LEAST_TO_COMPARE) {
            belief.but("how fast a volume would be is not known");
            return 0;
        }
        double volume = mean(volumes);
        double layer = mean(there);
        belief.weigh(
                volume <= FASTER * layer,
                "the same takes " + Words.duration(layer) + " there and " + Words.duration(volume) + " on its volume "
                        + Words.name(volumes.getFirst().key().place().mount()),
                "its volume " + Words.name(volumes.getFirst().key().place().mount()) + " needs "
                        + Words.duration(volume) + " for the same");
        return volume <= FASTER * layer ? 1 - volume / layer : 0;
    }

    private static double mean(List<SeriesInterval> some) {
        return (double) some.stream().mapToLong(SeriesInterval::sumNs).sum()
                / Math.max(1, some.stream().mapToLong(SeriesInterval::count).sum());
    }

    private static Optional<UpperDirectory> layer(Victim victim) {
        return victim.evidence().upperDirectories().stream()
                .filter(layer -> layer.container().equals(victim.container()))
                .findFirst();
    }
}
