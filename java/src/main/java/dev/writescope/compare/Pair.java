package dev.writescope.compare;

import org.jspecify.annotations.Nullable;

/** One subject in both recordings, and the evidence for each of its statistics once resamples are made. */
final class Pair {
    private final Subject subject;
    private final Side before;
    private final Side after;
    private final @Nullable String refusal;
    private final @Nullable Evidence[] evidence = new Evidence[Side.RATE + 1];

    /** @param refusal why it cannot be judged whatever the figures are, null if it can */
    Pair(Subject subject, Side before, Side after, @Nullable String refusal) {
        this.subject = subject;
        this.before = before;
        this.after = after;
        this.refusal = refusal;
    }

    Subject subject() {
        return subject;
    }

    Side before() {
        return before;
    }

    Side after() {
        return after;
    }

    @Nullable
    String refusal() {
        return refusal;
    }

    /** Null where there is too little data for a statistic. */
    @Nullable
    Evidence evidence(int statistic) {
        return evidence[statistic];
    }

    /** Whether both recordings have enough independent samples beyond a quantile. */
    boolean hasEnough(int quantile) {
        return refusal == null
                && Judgement.effective(before, quantile) >= Judgement.FEWEST_BEYOND
                && Judgement.effective(after, quantile) >= Judgement.FEWEST_BEYOND;
    }

    void resample(Plan planBefore, double blockBefore, Plan planAfter, double blockAfter) {
        if (refusal != null) {
            return;
        }
        float[][] first = before.deviations(planBefore, blockBefore);
        float[][] second = after.deviations(planAfter, blockAfter);
        for (int i = 0; i < evidence.length; i++) {
            boolean rate = i == Side.RATE;
            if (rate || hasEnough(i)) {
                double resolution = rate ? 0 : before.resolution(i) + after.resolution(i);
                Evidence found = new Evidence(
                        after.log(i) - before.log(i), first[i], second[i], planBefore, planAfter, resolution);
                evidence[i] = found.isSound() ? found : null;
            }
        }
    }
}
