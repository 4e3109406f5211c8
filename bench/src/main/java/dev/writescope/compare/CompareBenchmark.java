package dev.writescope.compare;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Whether comparisons keep what they promise, on pairs of recordings whose truth is known: how often they see a change
 * where there is none, how often an interval holds the truth, how often a real change is found, and how long it takes.
 *
 * <p>Arguments: PAIRS
 */
public final class CompareBenchmark {
    private static final int SECONDS = 300;
    private static final double SHIFT = 1.2;
    private static final double[] EFFECTS = {0, 0.05, 0.1};
    private static final double NORMAL_95 = 1.959964;
    private static final int P99 = 3;

    private final int pairs;

    private CompareBenchmark(int pairs) {
        this.pairs = pairs;
    }

    static void main(String[] arguments) {
        CompareBenchmark benchmark = new CompareBenchmark(Integer.parseInt(arguments[0]));
        System.out.println(
                "Percent of pairs: in which any quantile is called changed (any) and in which P99 is called regressed"
                        + " (P99), for three smallest\nchanges of interest; in which a single 95 % interval holds the truth, by"
                        + " quantile. Then the half width of P99's single interval in %\nand the time for a comparison.\n");
        System.out.printf(
                "%-38s%16s%16s%16s%8s%8s%8s%8s%8s%9s%9s%n",
                "", "effect 0", "5 %", "10 %", "P50", "P90", "P95", "P99", "P99.9", "+/- %", "ms");
        System.out.printf("%-38s%8s%8s%8s%8s%8s%8s%n", "", "any", "P99", "any", "P99", "any", "P99");
        benchmark.measure("independent, 200/s", Workload.INDEPENDENT);
        benchmark.measure("commits, 200/s", Workload.COMMITS);
        benchmark.measure("commits and load x 1.5, 200/s", Workload.REAL);
        benchmark.measure("commits and load x 3, 200/s", Workload.WILD);
        benchmark.measure("commits and load x 1.5, 20/s", Workload.REAL.at(20));
        benchmark.measure("commits and load x 1.5, 2000/s", Workload.REAL.at(2000));
    }

    private void measure(String name, Workload workload) {
        Tally same = new Tally(1);
        Tally shifted = new Tally(SHIFT);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < pairs; i++) {
            Recorded before = workload.record(SECONDS, 1, 0, random);
            same.add(before, workload.record(SECONDS, 1, 1, random), i);
            shifted.add(before, workload.scaled(SHIFT).record(SECONDS, 1, 1, random), i);
        }
        same.print(name);
        shifted.print(name);
    }

    /** What is found in pairs that differ by one factor. */
    private static final class Tally {
        private final double truth;
        private int compared;
        private final int[] changed = new int[EFFECTS.length];
        private final int[] found = new int[EFFECTS.length];
        private final int[] estimated = new int[Side.RATE + 1];
        private final int[] covered = new int[Side.RATE + 1];
        private final double[] width = new double[Side.RATE + 1];
        private long nanos;

        Tally(double truth) {
            this.truth = truth;
        }

        void add(Recorded before, Recorded after, int seed) {
            ComparisonRules rules = new ComparisonRules(0, 0.05, 2_000, seed);
            Comparer comparer = new Comparer(rules);
            long start = System.nanoTime();
            List<Pair> pairs = comparer.pairs(
                    new Subjects(before, after), new Refusals(before, after, false), before, after, false);
            double simultaneous = comparer.width(pairs);
            nanos += System.nanoTime() - start;
            compared++;
            Pair pair = pairs.getFirst();
            for (int e = 0; e < EFFECTS.length; e++) {
                SubjectComparison subject =
                        new Judgement(new ComparisonRules(EFFECTS[e], 0.05, 2_000, seed), simultaneous).of(pair);
                changed[e] += subject.verdict() == Verdict.REGRESSED || subject.verdict() == Verdict.IMPROVED ? 1 : 0;
                found[e] += subject.quantiles().get(P99).verdict() == Verdict.REGRESSED ? 1 : 0;
            }
            for (int statistic = 0; statistic <= Side.RATE; statistic++) {
                Evidence evidence = pair.evidence(statistic);
                if (evidence != null) {
                    double expected = statistic == Side.RATE ? 1 : truth;
                    Evidence.Range range = evidence.range(NORMAL_95);
                    estimated[statistic]++;
                    covered[statistic] += range.low() <= expected && expected <= range.high() ? 1 : 0;
                    width[statistic] += Math.log(range.high() / range.low()) / 2;
                }
            }
        }

        void print(String name) {
            System.out.printf(Locale.ROOT, "%-32s x %.1f", name, truth);
            for (int e = 0; e < EFFECTS.length; e++) {
                System.out.printf(
                        Locale.ROOT, "%8.1f%8.1f", 100.0 * changed[e] / compared, 100.0 * found[e] / compared);
            }
            for (int i = 0; i < Side.RATE; i++) {
                System.out.print(
                        estimated[i] == 0
                                ? "       -"
                                : String.format(Locale.ROOT, "%8.1f", 100.0 * covered[i] / estimated[i]));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%9.1f%9.1f%n",
                    100 * Math.expm1(width[P99] / Math.max(1, estimated[P99])),
                    nanos / 1e6 / compared);
        }
    }
}
