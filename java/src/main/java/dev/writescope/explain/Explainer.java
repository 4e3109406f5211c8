package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the causes for those who wait, the worst first. Rules that know a specific reason are asked first; those that know
 * only what a container does in general share what is left of its time.
 */
public final class Explainer {
    /** A cause that explains less is no cause worth a page. */
    static final double LEAST_SHARE = 0.1;
    /** Of an operation that is not unusual, others take a good part before they are named. */
    static final double LEAST_SHARE_IF_USUAL = 0.25;
    /** More than all others together. */
    static final double MOST = 0.5;
    /** As many notes as one reads. */
    static final int MOST_NOTES = 5;
    /** With fewer, none of them slow, at most 14 % are slow (95 % confidence): too little to call healthy. */
    static final int LEAST_OPERATIONS = 20;

    private static final List<Rule> SPECIFIC = List.of(
            new IoErrorRule(),
            new DeletedFileRule(),
            new FullFileSystemRule(),
            new OwnLimitRule(),
            new CopyUpRule(),
            new DirtyThrottlingRule(),
            new NeighbourDeviceRule(),
            new NeighbourJournalRule(),
            new HostRule(),
            new SlowFlushRule());

    private static final List<Rule> GENERAL = general();

    private Explainer() {}

    private static List<Rule> general() {
        List<Rule> rules = new ArrayList<>(WaitRule.ALL);
        rules.addAll(List.of(new UpperdirRule(), new FsyncStormRule(), new OwnLoadRule(), new AtimeRule()));
        return rules;
    }

    /**
     * Explains what was observed.
     *
     * @param chosen whose operations somebody asks about; null for all containers, or else the host if there is none
     */
    public static Explanations explain(Observation observed, @Nullable Predicate<SeriesKey> chosen) {
        List<Explanation> all = victims(observed, chosen).stream()
                .map(victim -> Explanation.of(victim, causes(victim)))
                .sorted(Comparator.comparingDouble(Explainer::order).reversed())
                .toList();
        List<Explanation> notes = withoutRepetition(all);
        boolean anything = notes.stream()
                .anyMatch(note -> note.verdict() == Explanation.Verdict.CAUSES
                        || note.verdict() == Explanation.Verdict.UNEXPLAINED);
        // Without anything to tell, the one container or operation with the most to say stands for them.
        List<Explanation> told = notes.stream()
                .filter(note -> chosen != null
                        || !anything
                        || note.verdict() == Explanation.Verdict.CAUSES
                        || note.verdict() == Explanation.Verdict.UNEXPLAINED)
                .toList();
        int most = anything || chosen != null ? MOST_NOTES : 1;
        return new Explanations(
                told.subList(0, Math.min(most, told.size())), Math.max(0, told.size() - most), observed);
    }

    /** Unusual ones first, then by the time that is spent waiting. */
    private static double order(Explanation note) {
        double verdict = switch (note.verdict()) {
            case CAUSES -> 3;
            case UNEXPLAINED -> 2;
            case USUAL -> 1;
            case TOO_LITTLE -> 0;
        };
        double regression = note.regression() == null ? 0 : 0.5;
        double threads =
                note.total().sumNs() / 1e9 / Math.max(1e-9, note.duration().toNanos() / 1e9);
        return verdict + regression + 0.4 * threads / (1 + threads);
    }

    /** A container's other operation is told only if it has something to say that its first one has not. */
    private static List<Explanation> withoutRepetition(List<Explanation> all) {
        List<Explanation> notes = new ArrayList<>();
        for (Explanation note : all) {
            boolean repeated = notes.stream()
                    .filter(before -> before.container().equals(note.container()))
                    .anyMatch(before -> before.names().containsAll(note.names())
                            && (note.verdict() != Explanation.Verdict.UNEXPLAINED));
            if (!repeated) {
                notes.add(note);
            }
        }
        return notes;
    }

    private static List<Victim> victims(Observation observed, @Nullable Predicate<SeriesKey> chosen) {
        List<Victim> victims = new ArrayList<>();
        Predicate<SeriesKey> counted = Victim.counted(observed.series());
        for (Operation operation : List.of(Operation.FSYNC, Operation.WRITE)) {
            Set<Container> containers = new LinkedHashSet<>();
            for (SeriesInterval series : observed.series()) {
                SeriesKey key = series.key();
                if (key.operation() == operation
                        && key.stage() == Stage.TOTAL
                        && (key.kind() == Kind.COPY_UP || counted.test(key))
                        && series.count() > 0
                        && (chosen == null || chosen.test(key))) {
                    containers.add(key.container());
                }
            }
            containers.forEach(container -> victims.add(new Victim(observed, container, operation)));
        }
        boolean containers =
                victims.stream().anyMatch(victim -> victim.container().type() == Container.Type.CONTAINER);
        return chosen == null && containers
                ? victims.stream()
                        .filter(victim -> victim.container().type() == Container.Type.CONTAINER)
                        .toList()
                : victims;
    }

    /** The most likely to explain most first. */
    static List<Cause> causes(Victim victim) {
        List<Cause> causes = new ArrayList<>();
        for (Rule rule : SPECIFIC) {
            causes.addAll(rule.causes(victim, 1));
        }
        for (Rule rule : GENERAL) {
            double known = causes.stream()
                    .filter(Cause::takesTime)
                    .mapToDouble(Cause::share)
                    .sum();
            causes.addAll(rule.causes(victim, Math.max(0, 1 - known)));
        }
        List<Cause> ranked = withoutOverlap(causes.stream()
                .sorted(Comparator.comparingDouble(Cause::rank).reversed())
                .toList());
        return doubted(ranked, victim.observed().end().lost());
    }

    /** Shares of the time are those of what was seen; what files say of the host is so whatever was lost. */
    private static List<Cause> doubted(List<Cause> causes, Losses lost) {
        if (!lost.any()) {
            return causes;
        }
        String doubt = lost.total() > 0
                ? Words.count(lost.total(), "event was", "events were") + " lost, perhaps those that matter"
                : Words.count(lost.parts(), "operation was", "operations were") + " not taken apart";
        return causes.stream()
                .map(cause -> cause.takesTime() ? cause.doubted(doubt) : cause)
                .toList();
    }

    /** No time is told twice: of two causes that could account for it, the likelier one does. */
    private static List<Cause> withoutOverlap(List<Cause> ranked) {
        List<Cause> causes = new ArrayList<>();
        double left = 1;
        for (Cause cause : ranked) {
            double share = Math.min(cause.share(), left);
            if (!cause.takesTime()) {
                causes.add(cause);
            } else if (share >= LEAST_SHARE) {
                causes.add(cause.withShare(share));
                left -= share;
            }
        }
        return causes;
    }
}
