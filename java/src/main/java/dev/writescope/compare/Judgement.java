package dev.writescope.compare;

import java.util.ArrayList;
import java.util.List;

/** From evidence to verdicts. */
final class Judgement {
    /** Independent samples beyond a quantile without which a bootstrap of it tells nothing. */
    static final double FEWEST_BEYOND = 20;

    /** Needing that many times more samples is not a matter of more samples. */
    private static final double MOST_TIMES = 100;

    private final ComparisonRules rules;
    /** Half the width of all intervals, in standard deviations of a normal distribution. */
    private final double width;

    Judgement(ComparisonRules rules, double width) {
        this.rules = rules;
        this.width = width;
    }

    SubjectComparison of(Pair pair) {
        List<QuantileChange> quantiles = new ArrayList<>();
        for (int i = 0; i < Side.QUANTILES.length; i++) {
            quantiles.add(quantile(pair, i));
        }
        return new SubjectComparison(
                pair.subject(),
                pair.before().asSamples(),
                pair.after().asSamples(),
                quantiles,
                rate(pair),
                verdict(quantiles));
    }

    private static Verdict verdict(List<QuantileChange> quantiles) {
        for (Verdict verdict : List.of(Verdict.REGRESSED, Verdict.IMPROVED, Verdict.NO_CHANGE)) {
            if (quantiles.stream().anyMatch(each -> each.verdict() == verdict)) {
                return verdict;
            }
        }
        return Verdict.NOT_ENOUGH_DATA;
    }

    private QuantileChange quantile(Pair pair, int i) {
        double quantile = Side.QUANTILES[i];
        long before = Math.round(Math.exp(pair.before().log(i)));
        long after = Math.round(Math.exp(pair.after().log(i)));
        Evidence evidence = pair.evidence(i);
        if (evidence == null) {
            String reason = pair.refusal() != null ? pair.refusal() : tooFew(pair, i);
            return new QuantileChange(
                    quantile, before, after, Double.NaN, Double.NaN, Double.NaN, Verdict.NOT_ENOUGH_DATA, reason);
        }
        Evidence.Range range = evidence.range(width);
        Verdict verdict = verdict(range);
        String reason = verdict == Verdict.NOT_ENOUGH_DATA ? undecided(pair, i, evidence.ratio(), range) : "";
        return new QuantileChange(
                quantile, before, after, evidence.ratio(), range.low(), range.high(), verdict, reason);
    }

    private Verdict verdict(Evidence.Range range) {
        double worse = 1 + rules.minimumEffect();
        double better = 1 - rules.minimumEffect();
        if (range.low() > worse) {
            return Verdict.REGRESSED;
        }
        if (range.high() < better) {
            return Verdict.IMPROVED;
        }
        return range.low() >= better && range.high() <= worse ? Verdict.NO_CHANGE : Verdict.NOT_ENOUGH_DATA;
    }

    private static RateChange rate(Pair pair) {
        double before = pair.before().perSecond();
        double after = pair.after().perSecond();
        Evidence evidence = pair.evidence(Side.RATE);
        if (evidence == null) {
            return new RateChange(before, after, Double.NaN, Double.NaN, Double.NaN);
        }
        Evidence.Range range = evidence.range95();
        return new RateChange(before, after, evidence.ratio(), range.low(), range.high());
    }

    private static String tooFew(Pair pair, int i) {
        boolean fewerBefore = effective(pair.before(), i) < effective(pair.after(), i);
        Side side = fewerBefore ? pair.before() : pair.after();
        String where = fewerBefore ? " before" : " after";
        String name = Words.quantile(Side.QUANTILES[i]);
        if (effective(side, i) >= FEWEST_BEYOND) {
            return name + ": there were operations in too small a part of the time";
        }
        return name + ": " + Words.about(side.beyond(i)) + " samples beyond it" + where + ", about "
                + Words.about(FEWEST_BEYOND * side.overdispersion(i)) + " are needed";
    }

    private String undecided(Pair pair, int i, double ratio, Evidence.Range range) {
        String name = Words.quantile(Side.QUANTILES[i]);
        String interval = name + ": anything from " + Words.change(range.low()) + " to " + Words.change(range.high());
        double times = Math.pow(toOneSide(ratio, range), 2);
        double beyond = Math.min(pair.before().beyond(i), pair.after().beyond(i));
        if (!(times < MOST_TIMES)) {
            return interval + ": too close to "
                    + (rules.minimumEffect() == 0
                            ? "none"
                            : "the smallest change of interest, " + Words.percent(rules.minimumEffect()) + ",")
                    + " to tell on which side it is";
        }
        return interval + " is possible with " + Words.about(beyond) + " samples beyond it, about "
                + Words.about(times * beyond) + " are needed";
    }

    /** How many times narrower the interval has to be for a verdict, if the estimate stays. */
    private double toOneSide(double ratio, Evidence.Range range) {
        double worse = 1 + rules.minimumEffect();
        double better = 1 - rules.minimumEffect();
        double times = 1;
        for (double edge : new double[] {worse, better}) {
            if (range.low() <= edge && edge <= range.high()) {
                double end = ratio > edge ? range.low() : range.high();
                times = Math.max(times, Math.log(ratio / end) / Math.log(ratio / edge));
            }
        }
        return times;
    }

    /** Independent samples beyond a quantile. */
    static double effective(Side side, int quantile) {
        return side.beyond(quantile) / side.overdispersion(quantile);
    }
}
