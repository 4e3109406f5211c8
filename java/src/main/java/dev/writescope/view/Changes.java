package dev.writescope.view;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.ComparisonRules;
import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.RateChange;
import dev.writescope.compare.Subject;
import dev.writescope.compare.SubjectComparison;
import dev.writescope.compare.Verdict;
import java.math.BigDecimal;
import java.util.Optional;

/** A comparison's names and figures in words. Names are as they were recorded: each view makes them safe its own way. */
final class Changes {
    private Changes() {}

    /** Such as {@code db fsync}, {@code db block write}, {@code db fsync fdatasync on /data}. */
    static String name(Subject subject) {
        return subject.container() + " " + operation(subject);
    }

    static String operation(Subject subject) {
        String kind = subject.kind() == null ? "" : " " + subject.kind().label();
        String mount = subject.mount() == null ? "" : " on " + subject.mount();
        return subject.operation().label() + kind + mount;
    }

    /** {@code P50}, {@code P99.9}. */
    static String quantile(double quantile) {
        return "P"
                + BigDecimal.valueOf(quantile)
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString();
    }

    static boolean isChange(Verdict verdict) {
        return verdict == Verdict.REGRESSED || verdict == Verdict.IMPROVED;
    }

    static boolean isEstimated(QuantileChange change) {
        return Double.isFinite(change.ratio());
    }

    /** A ratio as a change: {@code +38 %}, {@code −4.2 %}, {@code ×56.1}; "-" where there is none. */
    static String percent(double ratio) {
        if (!Double.isFinite(ratio)) {
            return "-";
        }
        if (ratio >= 10) {
            return "×" + Figures.three(ratio);
        }
        double percent = 100 * (ratio - 1);
        double size = Math.abs(percent);
        String figures =
                size < 9.95 ? BigDecimal.valueOf(Math.round(size * 10), 1).toPlainString() : "" + Math.round(size);
        return figures.equals("0.0") ? "0 %" : (percent < 0 ? "−" : "+") + figures + " %";
    }

    /** {@code −86 % to −83 %}; "-" where there is none. */
    static String interval(double low, double high) {
        return Double.isFinite(low) && Double.isFinite(high) ? percent(low) + " to " + percent(high) : "-";
    }

    static String verdict(Verdict verdict, ComparisonRules rules) {
        return switch (verdict) {
            case REGRESSED -> "regressed";
            case IMPROVED -> "improved";
            case NO_CHANGE -> "no change larger than " + effect(rules);
            case NOT_ENOUGH_DATA -> "not enough data";
        };
    }

    /** The verdict with its reason, unless that is told for all. */
    static String verdict(QuantileChange change, Comparison comparison) {
        String verdict = verdict(change.verdict(), comparison.rules());
        boolean told = change.reason().isEmpty() || comparison.refusals().contains(change.reason());
        return told ? verdict : verdict + ": " + change.reason();
    }

    /** The smallest change of interest: {@code 10 %}. */
    static String effect(ComparisonRules rules) {
        return percentage(rules.minimumEffect());
    }

    static String confidence(ComparisonRules rules) {
        return percentage(1 - rules.level());
    }

    private static String percentage(double share) {
        return BigDecimal.valueOf(Math.round(share * 10_000), 2)
                        .stripTrailingZeros()
                        .toPlainString() + " %";
    }

    static String latency(long ns) {
        return ns <= 0 ? "-" : Durations.format(ns);
    }

    /** {@code 120/s before, 118/s after (−1.7 %, −3.1 % to −0.2 %)}. */
    static String rates(RateChange rate) {
        String change = Double.isFinite(rate.ratio())
                ? " (" + percent(rate.ratio())
                        + (Double.isFinite(rate.low()) && Double.isFinite(rate.high())
                                ? ", " + interval(rate.low(), rate.high())
                                : "")
                        + ")"
                : "";
        return Figures.rate(rate.beforePerSecond()) + "/s before, " + Figures.rate(rate.afterPerSecond()) + "/s after"
                + change;
    }

    /** The quantile that a sentence about a subject is about: P99 if it has the subject's verdict, else the clearest. */
    static Optional<QuantileChange> telling(SubjectComparison compared) {
        return compared.quantiles().stream()
                .filter(change -> change.verdict() == compared.verdict())
                .max((a, b) -> {
                    int p99 = Boolean.compare(a.quantile() == 0.99, b.quantile() == 0.99);
                    return p99 != 0 ? p99 : Double.compare(size(a), size(b));
                });
    }

    /** How large a change is, whichever way: the absolute logarithm of its ratio. */
    static double size(QuantileChange change) {
        return isEstimated(change) && change.ratio() > 0 ? Math.abs(Math.log(change.ratio())) : 0;
    }
}
