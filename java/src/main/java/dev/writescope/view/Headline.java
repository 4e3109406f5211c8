package dev.writescope.view;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.ComparisonRules;
import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.SubjectComparison;
import dev.writescope.compare.Verdict;
import dev.writescope.probe.Operation;
import java.util.Comparator;
import java.util.List;

/** The verdict in a sentence to quote. Names in it are as they were recorded. */
final class Headline {
    private Headline() {}

    static String of(Comparison comparison) {
        Verdict verdict = comparison.verdict();
        return switch (verdict) {
            case REGRESSED, IMPROVED -> changed(comparison, verdict);
            case NO_CHANGE -> unchanged(comparison);
            case NOT_ENOUGH_DATA -> "no verdict is possible: " + obstacle(comparison);
        };
    }

    /** Where something regressed, what improved is told too: both are needed to judge a change. */
    private static String changed(Comparison comparison, Verdict verdict) {
        String sentence = clearest(comparison, verdict, with(comparison, verdict));
        List<SubjectComparison> improved = with(comparison, Verdict.IMPROVED);
        return verdict == Verdict.IMPROVED || improved.isEmpty()
                ? sentence
                : sentence + "; but " + clearest(comparison, Verdict.IMPROVED, improved);
    }

    private static String clearest(Comparison comparison, Verdict verdict, List<SubjectComparison> changed) {
        SubjectComparison first = changed.stream()
                .max(Comparator.comparing(
                                (SubjectComparison one) -> one.subject().operation() != Operation.BLOCK)
                        .thenComparingDouble(
                                one -> Changes.telling(one).map(Changes::size).orElse(0.0)))
                .orElseThrow();
        String name = Changes.name(first.subject());
        String word = Changes.verdict(verdict, comparison.rules());
        String sentence = Changes.telling(first)
                .map(change -> name + " " + Changes.quantile(change.quantile()) + " " + word + " from "
                        + Changes.latency(change.beforeNs()) + " to " + Changes.latency(change.afterNs()) + ": "
                        + by(change))
                .orElse(name + " " + word);
        int others = changed.size() - 1;
        return others == 0 ? sentence : sentence + ", and " + others + (others == 1 ? " other" : " others");
    }

    /** What processes wait for is told as a factor when it is large, else in percent. */
    private static String by(QuantileChange change) {
        double ratio = change.ratio();
        boolean interval = Double.isFinite(change.low()) && Double.isFinite(change.high());
        if (ratio > 0 && ratio <= 0.5) {
            return times(1 / ratio) + " times as fast" + (interval ? between(1 / change.high(), 1 / change.low()) : "");
        }
        if (ratio >= 2) {
            return times(ratio) + " times as slow" + (interval ? between(change.low(), change.high()) : "");
        }
        return Changes.percent(ratio)
                + (interval
                        ? " (between " + Changes.percent(change.low()) + " and " + Changes.percent(change.high()) + ")"
                        : "");
    }

    private static String between(double low, double high) {
        return " (between " + times(low) + " and " + times(high) + ")";
    }

    /** Two figures: {@code 6.6}, {@code 14}; ∞ when the slower one may be any. */
    private static String times(double ratio) {
        if (!Double.isFinite(ratio)) {
            return "∞";
        }
        return ratio < 9.95 ? "" + Math.round(ratio * 10) / 10.0 : "" + Math.round(ratio);
    }

    private static String unchanged(Comparison comparison) {
        ComparisonRules rules = comparison.rules();
        List<SubjectComparison> judged = with(comparison, Verdict.NO_CHANGE);
        String none = "no change larger than " + Changes.effect(rules);
        int open = comparison.subjects().size() - judged.size();
        String rest = open == 0 ? "" : "; " + open + " could not be judged";
        if (judged.size() > 1) {
            return none + " in " + judged.size() + " latencies compared" + rest;
        }
        SubjectComparison only = judged.getFirst();
        return Changes.telling(only)
                        .map(change -> Changes.name(only.subject()) + " " + Changes.quantile(change.quantile())
                                + " has " + none + ": " + Changes.latency(change.beforeNs()) + " before, "
                                + Changes.latency(change.afterNs()) + " after")
                        .orElse(Changes.name(only.subject()) + " has " + none)
                + rest;
    }

    /** Why there is no verdict: one reason of perhaps several. */
    static String obstacle(Comparison comparison) {
        if (!comparison.refusals().isEmpty()) {
            return comparison.refusals().getFirst();
        }
        if (comparison.before().events() == 0 && comparison.after().events() == 0) {
            return "neither recording has an operation in it";
        }
        if (comparison.before().events() == 0) {
            return comparison.before().file() + " has no operation in it";
        }
        if (comparison.after().events() == 0) {
            return comparison.after().file() + " has no operation in it";
        }
        if (comparison.subjects().isEmpty()) {
            return "the recordings have no container in common";
        }
        SubjectComparison first = comparison.subjects().getFirst();
        return "not enough data"
                + Changes.telling(first)
                        .filter(change -> !change.reason().isEmpty())
                        .map(change -> " about " + Changes.name(first.subject()) + " "
                                + Changes.quantile(change.quantile()) + ": " + change.reason())
                        .orElse("");
    }

    private static List<SubjectComparison> with(Comparison comparison, Verdict verdict) {
        return comparison.subjects().stream()
                .filter(one -> one.verdict() == verdict)
                .toList();
    }
}
