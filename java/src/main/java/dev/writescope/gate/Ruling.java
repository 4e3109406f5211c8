package dev.writescope.gate;

import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.Subject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * From the latencies of two arms to a colour.
 *
 * <p><b>Red</b>: of a judged ratio even the lower end of its interval is above the tolerated change. The intervals are
 * one-sided and hold together with 95 % confidence: if everything got worse by exactly what is tolerated, one build
 * in twenty would be red; without a change it is far fewer. So a red build says that it got worse by more than that, not
 * that noise was high.
 *
 * <p><b>Green</b>: nothing is red, and what was judged was judged well enough. It does not say that nothing changed: to
 * demand that the interval lies wholly below the tolerated change would turn away builds without a change whenever
 * a machine is a little noisy, and a gate that has no verdict half of the time is soon removed. What it promises is
 * that a doubling on top of the tolerated change would have been red; and the sentence gives the upper end of each
 * interval, which is how much worse it may be after all.
 *
 * <p><b>No verdict</b>: where the lower end of an interval is less than half of the ratio, so that noise can hide
 * a doubling; and where nothing could be estimated.
 *
 * <p>An operation that the command hardly makes, such as the few writes of a log in a test of fsync, is left out and
 * named: it is not what the test is about. Only when nothing is left, there is no verdict.
 */
final class Ruling {
    private static final double LEVEL = 0.05;
    /** The ratio to the lower end of its interval: where noise alone can be this much, a doubling can hide in it. */
    private static final double WIDEST = 2;

    private static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99, 0.999};

    private final GateRules rules;
    private final ArmLatencies baseline;
    private final ArmLatencies candidate;
    private final boolean paired;
    private final List<Judgement> judgements = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Ruling(ArmLatencies baseline, ArmLatencies candidate, boolean paired, GateRules rules) {
        this.baseline = baseline;
        this.candidate = candidate;
        this.paired = paired;
        this.rules = rules;
    }

    /** @param paired whether the arms took turns */
    static GateResult of(ArmLatencies baseline, ArmLatencies candidate, boolean paired, GateRules rules) {
        return new Ruling(baseline, candidate, paired, rules).result();
    }

    private GateResult result() {
        List<Subject> common = common();
        double tail = LEVEL / Math.max(1, judged(common));
        common.forEach(subject -> judge(subject, tail));
        List<Judgement> red = with(Judgement.Colour.RED);
        List<Judgement> unknown = with(Judgement.Colour.UNKNOWN);
        List<Judgement> green = with(Judgement.Colour.GREEN);
        if (!red.isEmpty()) {
            return result(GateResult.Outcome.RED, sentence(red));
        }
        if (!unknown.isEmpty()) {
            return result(
                    GateResult.Outcome.NO_VERDICT,
                    "too noisy to see even a doubling: " + sentence(unknown) + ": run longer, --repeat more"
                            + (paired ? "" : ", or compare within one job with --baseline-command"));
        }
        return green.isEmpty()
                ? result(GateResult.Outcome.NO_VERDICT, nothingJudged())
                : result(GateResult.Outcome.GREEN, sentence(green));
    }

    private List<Subject> common() {
        List<Subject> common = new ArrayList<>(baseline.subjects());
        common.retainAll(candidate.subjects());
        baseline.subjects().stream()
                .filter(subject -> !common.contains(subject))
                .forEach(subject -> leaveOut(Judgement.name(subject), "the candidate has none"));
        candidate.subjects().stream()
                .filter(subject -> !common.contains(subject))
                .forEach(subject -> leaveOut(Judgement.name(subject), "the baseline has none"));
        return common;
    }

    private RepeatedQuantile repeated(Subject subject, double quantile) {
        return paired
                ? new RepeatedQuantile(quantile, baseline.of(subject, candidate), candidate.of(subject, baseline), true)
                : new RepeatedQuantile(quantile, baseline.of(subject), candidate.of(subject), false);
    }

    /** How many intervals have to hold together. */
    private long judged(List<Subject> common) {
        return common.stream()
                .flatMap(subject -> rules.quantiles().stream().map(quantile -> repeated(subject, quantile)))
                .filter(each -> each.obstacle().isEmpty())
                .count();
    }

    private void judge(Subject subject, double tail) {
        for (double quantile : QUANTILES) {
            QuantileChange change = repeated(subject, quantile).change(tail, rules.maxRegression());
            boolean asked = rules.quantiles().contains(quantile);
            Judgement judgement = new Judgement(subject, change, asked ? colour(change) : Judgement.Colour.NOT_JUDGED);
            judgements.add(judgement);
            if (asked && judgement.colour() == Judgement.Colour.NOT_JUDGED) {
                leaveOut(judgement.name(), change.reason());
            }
        }
    }

    private Judgement.Colour colour(QuantileChange change) {
        if (!Double.isFinite(change.ratio())) {
            return Judgement.Colour.NOT_JUDGED;
        }
        if (change.low() > 1 + rules.maxRegression()) {
            return Judgement.Colour.RED;
        }
        return change.ratio() <= WIDEST * change.low() ? Judgement.Colour.GREEN : Judgement.Colour.UNKNOWN;
    }

    private List<Judgement> with(Judgement.Colour colour) {
        return judgements.stream()
                .filter(each -> each.colour() == colour)
                .sorted(Comparator.comparingDouble(each -> -each.change().low()))
                .toList();
    }

    private void leaveOut(String what, String reason) {
        notes.add(what + " is not judged: " + reason);
    }

    private String nothingJudged() {
        return notes.isEmpty()
                ? "neither made an operation that is traced: nothing was compared"
                : String.join("; ", notes) + ": run longer, or --repeat more";
    }

    private static String sentence(List<Judgement> judgements) {
        return judgements.stream().map(Judgement::sentence).collect(Collectors.joining(", "));
    }

    private GateResult result(GateResult.Outcome outcome, String sentence) {
        return new GateResult(outcome, sentence, judgements, notes);
    }
}
