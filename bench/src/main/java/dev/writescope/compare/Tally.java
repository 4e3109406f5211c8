package dev.writescope.compare;

import java.util.List;
import java.util.Locale;

/** What is found in pairs of recordings that differ by one factor. */
final class Tally {
    static final String HEADER = """
            Any: pairs with any quantile called changed, for a smallest change of interest of 0, 5 and 10 %; the quantiles of
            a pair share a level of 5 %. P99: pairs whose P99 is called worse, in the same way. Truth: how often an interval
            of 95 % for one quantile alone holds the true ratio, and in (), its half width in %; "-" where the quantile could
            not be judged in most pairs.

                                            any, in %           P99, in %                           truth, in %, and half width
            traffic                factor    0     5    10       0     5    10          P50          P90          P95          P99        P99.9         rate   ms""";

    private static final double[] EFFECTS = {0, 0.05, 0.1};
    private static final double NORMAL_95 = 1.959964;
    private static final int P99 = 3;

    private final double truth;
    private final int[] changed = new int[EFFECTS.length];
    private final int[] found = new int[EFFECTS.length];
    private final int[] estimated = new int[Side.RATE + 1];
    private final int[] covered = new int[Side.RATE + 1];
    private final double[] width = new double[Side.RATE + 1];
    private int compared;
    private long nanos;

    Tally(double truth) {
        this.truth = truth;
    }

    void add(Recorded before, Recorded after, int seed) {
        Comparer comparer = new Comparer(rules(0, seed));
        long start = System.nanoTime();
        List<Pair> pairs =
                comparer.pairs(new Subjects(before, after), new Refusals(before, after, false), before, after, false);
        double simultaneous = comparer.width(pairs);
        nanos += System.nanoTime() - start;
        compared++;
        Pair pair = pairs.getFirst();
        for (int i = 0; i < EFFECTS.length; i++) {
            // An interval does not depend on the smallest change of interest.
            SubjectComparison subject = new Judgement(rules(EFFECTS[i], seed), simultaneous).of(pair);
            boolean any = subject.verdict() == Verdict.REGRESSED || subject.verdict() == Verdict.IMPROVED;
            changed[i] += any ? 1 : 0;
            found[i] += subject.quantiles().get(P99).verdict() == Verdict.REGRESSED ? 1 : 0;
        }
        for (int statistic = 0; statistic <= Side.RATE; statistic++) {
            Evidence evidence = pair.evidence(statistic);
            if (evidence != null) {
                add(statistic, evidence.range(NORMAL_95));
            }
        }
    }

    private static ComparisonRules rules(double effect, int seed) {
        return new ComparisonRules(effect, 0.05, 2_000, seed);
    }

    private void add(int statistic, Evidence.Range range) {
        double expected = statistic == Side.RATE ? 1 : truth;
        estimated[statistic]++;
        covered[statistic] += range.low() <= expected && expected <= range.high() ? 1 : 0;
        width[statistic] += Math.sqrt(range.high() / range.low()) - 1;
    }

    String row(String name) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-29s%3.1f", name, truth));
        for (int[] counts : List.of(changed, found)) {
            for (int count : counts) {
                row.append(String.format(Locale.ROOT, " %5.1f", 100.0 * count / compared));
            }
            row.append("   ");
        }
        for (int i = 0; i <= Side.RATE; i++) {
            row.append(
                    2 * estimated[i] < compared
                            ? "            -"
                            : String.format(
                                    Locale.ROOT,
                                    "  %5.1f (%3.0f)",
                                    100.0 * covered[i] / estimated[i],
                                    100 * width[i] / estimated[i]));
        }
        return row.append(String.format(Locale.ROOT, " %4.0f", nanos / 1e6 / compared))
                .toString();
    }
}
