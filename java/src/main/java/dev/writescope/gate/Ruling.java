package dev.writescope.gate;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.SubjectComparison;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * From a comparison to a colour.
 *
 * <p><b>Red</b>: the confidence interval of a judged ratio lies wholly above the tolerated change. So a red build says
 * that it got worse by more than that, not that noise was high.
 *
 * <p><b>Green</b>: nothing is red, and what was judged was judged well enough. It does not say that nothing changed: to
 * demand that the interval lies wholly below the tolerated change would turn away builds without a change whenever
 * a machine is a little noisy, and a gate that has no verdict half of the time is soon removed. What it promises is
 * that a doubling on top of the tolerated change would have been red; and the sentence gives the upper end of each
 * interval, which is how much worse it may be after all.
 *
 * <p><b>No verdict</b>: where the lower end of an interval is less than half of the ratio, so that noise can hide
 * a doubling. Also where nothing could be estimated, and where the comparison refuses.
 *
 * <p>An operation that the command hardly makes, such as the few writes of a log in a test of fsync, is left out and
 * named: it is not what the test is about. Only when nothing is left, there is no verdict.
 */
final class Ruling {
    private final GateRules rules;
    private final Comparison comparison;
    private final List<Judgement> judgements = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Ruling(Comparison comparison, GateRules rules) {
        this.comparison = comparison;
        this.rules = rules;
    }

    static GateResult of(Comparison comparison, GateRules rules) {
        return new Ruling(comparison, rules).result();
    }

    private GateResult result() {
        if (!comparison.refusals().isEmpty()) {
            return noVerdict(String.join("; ", comparison.refusals()));
        }
        comparison.subjects().forEach(this::judge);
        comparison.onlyBefore().forEach(subject -> leaveOut(Judgement.name(subject), "the candidate has none"));
        comparison.onlyAfter().forEach(subject -> leaveOut(Judgement.name(subject), "the baseline has none"));
        judgements.sort(
                Comparator.comparingDouble((Judgement each) -> -each.change().low()));
        List<Judgement> red = judgements.stream().filter(Judgement::red).toList();
        if (!red.isEmpty()) {
            return result(GateResult.Outcome.RED, sentence(red));
        }
        if (judgements.isEmpty()) {
            return noVerdict(nothingJudged());
        }
        List<Judgement> noisy = judgements.stream().filter(Judgement::tooNoisy).toList();
        if (!noisy.isEmpty()) {
            return noVerdict("too noisy to see even a doubling: " + sentence(noisy)
                    + ": run longer, --repeat more, or compare within one job with --baseline-command");
        }
        return result(GateResult.Outcome.GREEN, sentence(judgements));
    }

    private void judge(SubjectComparison compared) {
        for (QuantileChange change : compared.quantiles()) {
            if (rules.quantiles().contains(change.quantile())) {
                boolean red = change.low() > 1 + rules.maxRegression();
                Judgement judgement = new Judgement(compared.subject(), change, red);
                if (change.low() > 0) {
                    judgements.add(judgement);
                } else {
                    leaveOut(judgement.name(), change.reason());
                }
            }
        }
    }

    private void leaveOut(String what, String reason) {
        notes.add(what + " is not judged: " + reason);
    }

    private String nothingJudged() {
        return notes.isEmpty()
                ? "the command made no operation that is traced: nothing was compared"
                : String.join("; ", notes) + ": run longer, or --repeat more";
    }

    private static String sentence(List<Judgement> judgements) {
        return judgements.stream().map(Judgement::sentence).collect(Collectors.joining(", "));
    }

    private GateResult result(GateResult.Outcome outcome, String sentence) {
        return new GateResult(outcome, sentence, judgements, notes, comparison);
    }

    private GateResult noVerdict(String reason) {
        return result(GateResult.Outcome.NO_VERDICT, reason);
    }
}
