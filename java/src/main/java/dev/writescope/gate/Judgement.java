package dev.writescope.gate;

import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.Subject;

/**
 * One latency of both arms.
 *
 * @param change its interval has the confidence of the verdict on each side
 * @param colour what it contributes to the verdict
 */
public record Judgement(Subject subject, QuantileChange change, Colour colour) {
    /** What a latency contributes to the verdict. */
    public enum Colour {
        /** Got worse by more than is tolerated. */
        RED,
        GREEN,
        /** Could be green or red: it is too noisy. */
        UNKNOWN,
        /** Nobody asked for its verdict, or there is too little of it. */
        NOT_JUDGED
    }

    /** "fsync P99", with the container's name in front where containers were chosen. */
    public String name() {
        return name(subject) + " " + Phrase.quantile(change.quantile());
    }

    /** The same without the quantile. */
    static String name(Subject subject) {
        String owner = subject.container().equals(Repetition.COMMAND.displayName()) ? "" : subject.container() + " ";
        String kind = subject.kind() == null ? "" : " " + subject.kind().label();
        return owner + subject.operation().label() + kind;
    }

    /** "fsync P99 +38 % (at least +21 %)"; of one that is not red how much it is at most. */
    String sentence() {
        return name() + " " + Phrase.change(change.ratio()) + " ("
                + (colour == Colour.RED
                        ? "at least " + Phrase.change(change.low())
                        : "at most " + Phrase.change(change.high()))
                + ")";
    }
}
