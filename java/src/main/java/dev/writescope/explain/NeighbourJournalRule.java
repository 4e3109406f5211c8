package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence.FileSystemFacts;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Share;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A commit of the journal that the victim waits for writes out a neighbour's data first: they share a file system, and in
 * ordered mode new data has to be on the disk before the commit that makes it visible.
 */
final class NeighbourJournalRule implements Rule {
    /** A neighbour that dirties less between two commits makes none of them long. */
    static final double LEAST_BYTES_PER_SECOND = 1e6;

    private static final Stage[] COMMIT = {
        Stage.COMMIT_QUEUE, Stage.COMMIT_LOCKED, Stage.COMMIT_DATA, Stage.COMMIT_LOG, Stage.COMMIT
    };

    /** The stages of waiting for a commit. */
    static Stage[] commit() {
        return COMMIT.clone();
    }

    @Override
    public List<Cause> causes(Victim victim, double left) {
        double commit = victim.share(COMMIT);
        if (commit < victim.severity().leastShare()) {
            return List.of();
        }
        List<Cause> causes = new ArrayList<>();
        for (Map.Entry<Container, Double> holder :
                victim.holders(Share.Resource.COMMIT).entrySet()) {
            double share = Math.min(commit, holder.getValue());
            if (NeighbourDeviceRule.isNeighbour(victim, holder.getKey())
                    && share >= victim.severity().leastShare()) {
                attributed(victim, holder.getKey(), share).ifPresent(causes::add);
            }
        }
        if (causes.isEmpty()) {
            byActivity(victim, commit).ifPresent(causes::add);
        }
        return causes;
    }

    private static Optional<Cause> attributed(Victim victim, Container neighbour, double share) {
        List<Activity> acts = written(victim, neighbour);
        // What it writes directly is in no commit.
        if (acts.isEmpty() && !victim.observed().activity().isEmpty()) {
            return Optional.empty();
        }
        Belief belief = new Belief()
                .because("for " + Words.percent(share) + " of the time writes of " + Words.name(neighbour)
                        + " were on the device while the commits it waited for wrote out data");
        return cause(victim, neighbour, share, acts, belief);
    }

    /** Nobody knows whose data it was: whoever wrote most of it to the same file system. */
    private static Optional<Cause> byActivity(Victim victim, double commit) {
        double known = victim.holders(Share.Resource.COMMIT).entrySet().stream()
                .filter(holder -> holder.getKey().type() != Container.Type.UNATTRIBUTED)
                .mapToDouble(Map.Entry::getValue)
                .sum();
        double unknown = Math.min(commit - known, victim.share(Stage.COMMIT_DATA, Stage.COMMIT_QUEUE, Stage.COMMIT));
        List<Activity> buffered = victim.activityHere(each -> each.kind() == Kind.BUFFERED);
        if (buffered.isEmpty()
                || !NeighbourDeviceRule.isNeighbour(victim, buffered.getFirst().container())) {
            return Optional.empty();
        }
        Container neighbour = buffered.getFirst().container();
        List<Activity> acts = written(victim, neighbour);
        double bytes = acts.stream().mapToLong(Activity::bytes).sum();
        double part =
                bytes / Math.max(1, buffered.stream().mapToLong(Activity::bytes).sum());
        double share = unknown * part;
        if (part < Explainer.MOST
                || bytes / victim.seconds() < LEAST_BYTES_PER_SECOND
                || share < victim.severity().leastShare()) {
            return Optional.empty();
        }
        Belief belief = new Belief()
                .because(Words.name(neighbour) + " makes " + Words.percent(part)
                        + " of the buffered writes to the same file system")
                .but("whose data the commits wrote was not measured");
        return cause(victim, neighbour, share, acts, belief);
    }

    private static List<Activity> written(Victim victim, Container neighbour) {
        return victim.activityHere(each -> each.container().equals(neighbour) && each.kind() == Kind.BUFFERED);
    }

    private static Optional<Cause> cause(
            Victim victim, Container neighbour, double share, List<Activity> acts, Belief belief) {
        evidence(victim, acts, belief);
        double rate = acts.stream().mapToLong(Activity::bytes).sum() / victim.seconds();
        List<Remedy> remedies = new ArrayList<>(Layout.ownFileSystem(victim));
        remedies.add(Limits.onNeighbour(victim, neighbour, victim.device(), rate, 0, true));
        remedies.addAll(MountOptions.writeback(victim));
        return Cause.ofTime(
                Cause.Name.NEIGHBOUR_JOURNAL,
                Words.name(neighbour),
                share,
                "Its commits write out what " + Words.name(neighbour) + " wrote"
                        + (rate > 0 ? " at " + Words.bytes(rate) + "/s" : "") + ": both share the journal on "
                        + victim.devices().shown(victim.device()),
                belief,
                remedies);
    }

    static void evidence(Victim victim, List<Activity> acts, Belief belief) {
        belief.because("commits take " + Words.percent(victim.share(COMMIT)) + " of the time, "
                + Words.percent(victim.share(Stage.COMMIT_DATA)) + " to write out data");
        Optional<FileSystemFacts> facts = victim.devices().fileSystem(victim.device());
        facts.filter(fs -> fs.options().contains("data="))
                .ifPresent(fs -> belief.weigh(
                        fs.options().contains("data=ordered"),
                        fs.fstype() + " is mounted with data=ordered",
                        fs.fstype() + " is not mounted with data=ordered: its commits write out no data"));
        victim.load()
                .filter(load -> load.utilisation() < NeighbourDeviceRule.BUSY)
                .ifPresent(load -> belief.because(load.name() + " was busy for only "
                        + Words.percent(load.utilisation()) + " of the time: no saturation"));
        acts.stream().limit(2).forEach(act -> belief.because(Words.activity(act, victim.seconds())));
        belief.but(acts.isEmpty(), "none of its writes to that file system were seen");
    }
}
