package dev.writescope.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Compares two recordings. The ratio of each quantile gets an interval from resamples of blocks of time, so that what
 * follows from itself, such as load states and commits, stays whole. All subjects are resampled together, and all
 * intervals are as wide, in standard deviations, as it takes for all of them to hold at once in 1 − level of the
 * resamples: the interval that is shown is the one that decides, and quantiles that move together cost nothing.
 */
public final class Comparer {
    /** Commits and load states come every few seconds: a block holds some of them. */
    private static final Duration SHORTEST_BLOCK = Duration.ofSeconds(10);

    /** More tell no more. */
    private static final int MOST_BLOCKS = 32;

    private static final int FEWEST_BLOCKS = 8;

    private final ComparisonRules rules;

    public Comparer(ComparisonRules rules) {
        this.rules = rules;
    }

    /** Compares two recordings that were made independently. */
    public Comparison compare(Recorded before, Recorded after) {
        return compare(before, after, false);
    }

    /**
     * Compares two recordings of as many runs each, made in turn (before, after, before, after, …), so that what slowly
     * changes on the machine is in both. Without three pairs of runs it is an ordinary comparison.
     */
    public Comparison comparePaired(Recorded before, Recorded after) {
        return compare(before, after, before.segments() == after.segments() && before.segments() >= Plan.RUNS);
    }

    private Comparison compare(Recorded before, Recorded after, boolean paired) {
        Refusals refusals = new Refusals(before, after, paired);
        Subjects subjects = new Subjects(before, after);
        if (subjects.common().isEmpty()) {
            refusals.nothingInCommon();
        }
        List<Pair> pairs = pairs(subjects, refusals, before, after, paired);
        Judgement judgement = new Judgement(rules, width(pairs));
        List<SubjectComparison> judged =
                pairs.stream().map(judgement::of).sorted(worstFirst()).toList();
        return new Comparison(
                before.facts(),
                after.facts(),
                rules,
                judged,
                subjects.onlyBefore(),
                subjects.onlyAfter(),
                new OtherChanges(before, after, subjects.matches(), judged).all(),
                refusals.all());
    }

    /** The evidence, before anything is decided. */
    List<Pair> pairs(Subjects subjects, Refusals refusals, Recorded before, Recorded after, boolean paired) {
        List<Pair> pairs = new ArrayList<>();
        for (Subjects.Common each : subjects.common()) {
            pairs.add(new Pair(
                    each.subject(),
                    new Side(Samples.sum(each.before(), before.timeline().size()), before.timeline(), before.buckets()),
                    new Side(Samples.sum(each.after(), after.timeline().size()), after.timeline(), after.buckets()),
                    refusals.of(each.subject().operation())));
        }
        resample(pairs, before, after, paired);
        return pairs;
    }

    private void resample(List<Pair> pairs, Recorded before, Recorded after, boolean paired) {
        if (pairs.stream().allMatch(pair -> pair.refusal() != null)) {
            return;
        }
        SplittableRandom random = new SplittableRandom(rules.seed());
        SplittableRandom other = paired ? new SplittableRandom(rules.seed()) : random.split();
        int blockBefore = blockLength(pairs, Pair::before, before.timeline());
        int blockAfter = blockLength(pairs, Pair::after, after.timeline());
        Plan planBefore = plan(before.timeline(), blockBefore, random);
        Plan planAfter = plan(after.timeline(), blockAfter, other);
        for (Pair pair : pairs) {
            pair.resample(planBefore, blockBefore, planAfter, blockAfter);
        }
    }

    private Plan plan(Timeline timeline, int block, SplittableRandom random) {
        return timeline.segments() >= Plan.RUNS
                ? Plan.ofRuns(timeline, rules.resamples(), random)
                : Plan.ofBlocks(timeline, block, rules.resamples(), random);
    }

    /** In slots: what most of the quantiles need, as far as it leaves enough blocks. */
    private static int blockLength(List<Pair> pairs, Function<Pair, Side> side, Timeline timeline) {
        double[] wanted = pairs.stream()
                .flatMapToDouble(pair -> IntStream.range(0, Side.QUANTILES.length)
                        .filter(pair::hasEnough)
                        .mapToDouble(quantile -> side.apply(pair).blockLength(quantile)))
                .sorted()
                .toArray();
        double most = wanted.length == 0 ? 1 : wanted[wanted.length * 3 / 4];
        double nanos = timeline.stretches().stream()
                .mapToLong(each -> each.duration().toNanos())
                .sum();
        double slots = timeline.size();
        double least = Math.max(SHORTEST_BLOCK.toNanos() / (nanos / slots), slots / MOST_BLOCKS);
        return (int) Math.max(1, Math.min(Math.ceil(Math.max(most, least)), slots / FEWEST_BLOCKS));
    }

    /** In how many standard deviations all resamples but a share of {@code level} are, for all quantiles at once. */
    double width(List<Pair> pairs) {
        double[] farthest = new double[rules.resamples()];
        for (Pair pair : pairs) {
            for (int quantile = 0; quantile < Side.QUANTILES.length; quantile++) {
                Evidence evidence = pair.evidence(quantile);
                for (int i = 0; evidence != null && i < farthest.length; i++) {
                    farthest[i] = Math.max(farthest[i], evidence.distance(i));
                }
            }
        }
        Arrays.sort(farthest);
        return farthest[(int) Math.min(farthest.length - 1.0, Math.ceil((1 - rules.level()) * farthest.length))];
    }

    private static Comparator<SubjectComparison> worstFirst() {
        List<Verdict> order = List.of(Verdict.REGRESSED, Verdict.IMPROVED, Verdict.NO_CHANGE, Verdict.NOT_ENOUGH_DATA);
        ToDoubleFunction<SubjectComparison> worst = subject -> subject.quantiles().stream()
                .mapToDouble(QuantileChange::low)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        return Comparator.comparingInt((SubjectComparison subject) -> order.indexOf(subject.verdict()))
                .thenComparing(Comparator.comparingDouble(worst).reversed());
    }
}
