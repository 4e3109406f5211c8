package dev.writescope.explain;

import dev.writescope.container.Container;
import dev.writescope.latency.Regression;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.Share;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One note: a container, an operation of it, and why that is slow. Shares are of the time in the operation; parts but
 * for {@link Stage#OTHER}, and unexplained, together are 1 where parts are known.
 *
 * @param total the operation as a whole
 * @param takenApart how many operations the parts come from
 * @param regression the alarm that is not over
 * @param parts the largest first
 * @param residual what the parts leave of the operation's time; null where that is next to nothing, or none was measured
 * @param overlay what overlay itself adds, which is in the parts already; null where nothing is known to be on overlay
 * @param lost on the whole host
 * @param unexplained the share of the time that is in no part, or in one that says nothing; 1 where none was measured
 * @param processes of the whole host that wrote most or were delayed longest
 * @param unusual why somebody has reason to ask; empty where nobody has
 * @param facts what the host's files say of its device, limits and pressure
 * @param causes the first is the one to look at
 * @param verify lines that show whether a remedy helped
 * @param unseen what could not be seen, and what that leaves open
 */
public record Explanation(
        Container container,
        Operation operation,
        Instant start,
        Duration duration,
        SeriesInterval total,
        long takenApart,
        @Nullable Regression regression,
        List<Part> parts,
        @Nullable Residual residual,
        @Nullable Part overlay,
        Losses lost,
        double unexplained,
        List<Holder> holders,
        List<Actor> actors,
        List<ProcessLoad> processes,
        List<String> unusual,
        List<String> facts,
        List<Cause> causes,
        List<String> verify,
        List<String> unseen) {
    private static final int MOST_ACTORS = 5;
    private static final double LEAST_RESIDUAL = 0.005;

    /** What a note comes to. */
    public enum Verdict {
        /** At least one cause is named. */
        CAUSES,
        /** It is unusual, and no rule can say why. */
        UNEXPLAINED,
        /** Nothing unusual was found. */
        USUAL,
        /** Too few operations to say even that. */
        TOO_LITTLE
    }

    /**
     * A part of the time.
     *
     * @param share of the time in the operation
     */
    public record Part(Stage stage, double share, SeriesInterval series) {}

    /**
     * The time that no part accounts for.
     *
     * @param share of the time in the operation
     */
    public record Residual(double share, long sumNs) {}

    /**
     * Who held what was waited for.
     *
     * @param share of the time in the operation
     */
    public record Holder(Share.Resource resource, Container container, double share) {}

    public Explanation {
        parts = List.copyOf(parts);
        holders = List.copyOf(holders);
        actors = List.copyOf(actors);
        processes = List.copyOf(processes);
        unusual = List.copyOf(unusual);
        facts = List.copyOf(facts);
        causes = List.copyOf(causes);
        verify = List.copyOf(verify);
        unseen = List.copyOf(unseen);
    }

    static Explanation of(Victim victim, List<Cause> causes) {
        return new Explanation(
                victim.container(),
                victim.operation(),
                victim.observed().end().start(),
                victim.observed().duration(),
                victim.total(),
                victim.takenApart(),
                victim.regression(),
                partsOf(victim),
                residualOf(victim),
                overlayOf(victim),
                victim.observed().end().lost(),
                victim.unexplained(),
                holdersOf(victim),
                Actor.of(victim.activityHere(act -> true)).stream()
                        .limit(MOST_ACTORS)
                        .toList(),
                ProcessLoad.of(victim.evidence()),
                victim.severity().unusual(),
                Facts.of(victim),
                causes,
                verification(victim),
                Facts.unseen(victim));
    }

    private static List<Part> partsOf(Victim victim) {
        return victim.parts().entrySet().stream()
                .map(part -> new Part(part.getKey(), victim.share(part.getKey()), part.getValue()))
                .filter(part -> part.share() > 0)
                .sorted(Comparator.comparingDouble(Part::share).reversed())
                .toList();
    }

    private static @Nullable Part overlayOf(Victim victim) {
        SeriesInterval overlay = victim.overlay();
        return overlay == null
                ? null
                : new Part(
                        Stage.OVERLAY,
                        (double) overlay.sumNs() / Math.max(1, victim.total().sumNs()),
                        overlay);
    }

    private static @Nullable Residual residualOf(Victim victim) {
        long known = victim.parts().values().stream()
                .mapToLong(SeriesInterval::sumNs)
                .sum();
        long sumNs = victim.total().sumNs() - known;
        double share = (double) sumNs / Math.max(1, victim.total().sumNs());
        return victim.parts().isEmpty() || share <= LEAST_RESIDUAL ? null : new Residual(share, sumNs);
    }

    private static List<Holder> holdersOf(Victim victim) {
        return Stream.of(Share.Resource.values())
                .flatMap(resource -> victim.holders(resource).entrySet().stream()
                        .map(holder -> new Holder(resource, holder.getKey(), holder.getValue())))
                .toList();
    }

    private static List<String> verification(Victim victim) {
        Container container = victim.container();
        String choice = container.type() == Container.Type.CONTAINER ? container.displayName() : container.name();
        String record = "writescope record " + (choice.startsWith("-") ? "--container=" : "-c ")
                + ShellWord.quote(choice) + " -d 5m -o ";
        return List.of(
                record + "before.hlog   # then change one thing",
                record + "after.hlog" + (container.pod().isEmpty() ? "" : "   # its pod may have another name by then"),
                "writescope compare before.hlog after.hlog");
    }

    public Verdict verdict() {
        if (!causes.isEmpty()) {
            return Verdict.CAUSES;
        }
        if (!unusual.isEmpty()) {
            return Verdict.UNEXPLAINED;
        }
        return total.count() < Explainer.LEAST_OPERATIONS ? Verdict.TOO_LITTLE : Verdict.USUAL;
    }

    Set<Cause.Name> names() {
        Set<Cause.Name> names = EnumSet.noneOf(Cause.Name.class);
        causes.forEach(cause -> names.add(cause.name()));
        return names;
    }

    /** The note in a sentence or three: what got worse, why, what to do. */
    public String headline() {
        String figure = regression != null
                ? Words.quantile(regression.quantile()) + " of " + operation.label() + " rose from "
                        + Words.duration(regression.baselineNs()) + " to " + Words.duration(regression.currentNs())
                : "P99 of " + operation.label() + " is " + Words.duration(total.percentileNs(99));
        return Words.name(container) + ": " + figure + ". "
                + switch (verdict()) {
                    case CAUSES -> because(causes.getFirst());
                    case UNEXPLAINED -> "That is unusual, and no cause can be named.";
                    case USUAL -> "Nothing unusual found.";
                    case TOO_LITTLE ->
                        "Too little happened to say more: " + Words.count(total.count(), "operation", "operations")
                                + ".";
                };
    }

    private static String because(Cause cause) {
        String share = cause.takesTime() ? ", " + Words.percent(cause.share()) + " of the time" : "";
        String remedies = cause.remedies().isEmpty()
                ? ""
                : " Suggested: " + cause.remedies().getFirst().what() + ".";
        return cause.sentence() + " (" + cause.confidence().label() + share + ")." + remedies;
    }
}
