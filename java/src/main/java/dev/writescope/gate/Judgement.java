package dev.writescope.gate;

import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.Subject;
import dev.writescope.probe.Operation;

/**
 * One latency that the verdict rests on.
 *
 * @param change with a ratio and an interval
 * @param red whether it got worse by more than is tolerated
 */
public record Judgement(Subject subject, QuantileChange change, boolean red) {
    /** The ratio to the lower end of its interval: where noise alone can be this much, a doubling can hide in it. */
    private static final double WIDEST = 2;

    /** "fsync P99", with the container's name in front where containers were chosen. */
    public String name() {
        return name(subject) + " " + Phrase.quantile(change.quantile());
    }

    /** The same without the quantile. */
    public static String name(Subject subject) {
        String owner = subject.container().equals(Repetition.COMMAND.displayName()) ? "" : subject.container() + " ";
        String kind = subject.operation() == Operation.BLOCK && subject.kind() != null
                ? " " + subject.kind().label()
                : "";
        return owner + subject.operation().label() + kind;
    }

    /** "fsync P99 +38 % (at least +21 %)"; of one that is not red how much it is at most. */
    String sentence() {
        return name() + " " + Phrase.change(change.ratio()) + " ("
                + (red ? "at least " + Phrase.change(change.low()) : "at most " + Phrase.change(change.high())) + ")";
    }

    boolean tooNoisy() {
        return !red && !(change.ratio() / change.low() <= WIDEST);
    }
}
