package dev.writescope.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Why a victim is slow, or will fail.
 *
 * @param culprit who, in a word: another container, or a process of the host; empty for the victim itself and for nobody
 * @param share of the victim's time in the operation that it accounts for, 0 to 1; NaN where it is no matter of time
 * @param rank causes are told in falling order of it: what is about to fail, then the share of the time that the
 *     cause is expected to explain, then what merely deserves a look
 * @param sentence with the measured numbers
 * @param evidence what speaks for it
 * @param doubts what speaks against it, or should be there and is not
 */
public record Cause(
        Name name,
        Confidence confidence,
        String culprit,
        double share,
        double rank,
        String sentence,
        List<String> evidence,
        List<String> doubts,
        List<Remedy> remedies) {
    /** What a cause is called in JSON. */
    public enum Name {
        OWN_LIMIT,
        NEIGHBOUR_DEVICE,
        NEIGHBOUR_JOURNAL,
        HOST_DEVICE,
        RUNTIME_LOG,
        FSYNC_STORM,
        UPPERDIR,
        COPY_UP,
        DIRTY_THROTTLING,
        DELETED_FILE,
        INODES,
        SPACE,
        IO_ERRORS,
        SLOW_FLUSH,
        SATURATES_ITSELF,
        SLOW_DEVICE,
        CPU,
        LOCK,
        JOURNAL_FULL,
        FUSE_SERVER,
        READS_FIRST,
        ATIME;

        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Above every share: what fails is worse than what is slow. */
    private static final double FAILING = 2;
    /** Below every share: the operation's time is not spent there. */
    static final double FAILING_ELSEWHERE = 0.1 * Explainer.LEAST_SHARE;

    public Cause {
        evidence = List.copyOf(evidence);
        doubts = List.copyOf(doubts);
        remedies = List.copyOf(remedies);
    }

    /** One that takes time; none when too much speaks against it. */
    static Optional<Cause> ofTime(
            Name name, String culprit, double share, String sentence, Belief belief, List<Remedy> remedies) {
        double bounded = Math.clamp(share, 0.0, 1.0);
        return of(name, culprit, bounded, bounded, sentence, belief, remedies);
    }

    /**
     * One that makes operations fail, now or soon.
     *
     * @param here whether the operation in question goes to what fails; the container merely could use it otherwise
     */
    static Optional<Cause> ofFailure(Name name, boolean here, String sentence, Belief belief, List<Remedy> remedies) {
        return of(name, "", Double.NaN, here ? FAILING : FAILING_ELSEWHERE, sentence, belief, remedies);
    }

    /**
     * One whose time cannot be told, or that nothing waits for at the moment.
     *
     * @param weight against shares of time, 0 to 1
     */
    static Optional<Cause> ofState(
            Name name, String culprit, double weight, String sentence, Belief belief, List<Remedy> remedies) {
        return of(name, culprit, Double.NaN, weight, sentence, belief, remedies);
    }

    private static Optional<Cause> of(
            Name name,
            String culprit,
            double share,
            double weight,
            String sentence,
            Belief belief,
            List<Remedy> remedies) {
        return Optional.ofNullable(belief.confidence())
                .map(confidence -> new Cause(
                        name,
                        confidence,
                        culprit,
                        share,
                        weight * confidence.chance,
                        sentence,
                        belief.evidence(),
                        belief.doubts(),
                        remedies));
    }

    /** The same for less of the time; it keeps its rank. */
    Cause withShare(double less) {
        return new Cause(name, confidence, culprit, less, rank, sentence, evidence, doubts, remedies);
    }

    /** The same, less sure, since what it was found in is incomplete: that is no reason for another cause, so it keeps its rank. */
    Cause doubted(String doubt) {
        List<String> more = new ArrayList<>(doubts);
        more.add(doubt);
        return new Cause(name, confidence.lower(), culprit, share, rank, sentence, evidence, more, remedies);
    }

    /** Whether it accounts for time. */
    public boolean takesTime() {
        return !Double.isNaN(share);
    }
}
