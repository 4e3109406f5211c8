package dev.writescope.compare;

import java.util.List;

/**
 * Two recordings compared.
 *
 * @param subjects those in both recordings, the worst first
 * @param onlyBefore subjects the second recording does not have; not judged
 * @param onlyAfter subjects the first recording does not have; not judged
 * @param changes what else differs
 * @param refusals why no verdict is possible although there is data: events lost, hooks that cover different things;
 *     empty in the normal case. Every verdict that a refusal is about is NOT_ENOUGH_DATA, with the refusal as its reason:
 *     all of them, or those of one operation.
 */
public record Comparison(
        RecordingFacts before,
        RecordingFacts after,
        ComparisonRules rules,
        List<SubjectComparison> subjects,
        List<Subject> onlyBefore,
        List<Subject> onlyAfter,
        List<OtherChange> changes,
        List<String> refusals) {
    public Comparison {
        subjects = List.copyOf(subjects);
        onlyBefore = List.copyOf(onlyBefore);
        onlyAfter = List.copyOf(onlyAfter);
        changes = List.copyOf(changes);
        refusals = List.copyOf(refusals);
    }

    /**
     * REGRESSED if one subject regressed, else IMPROVED, NO_CHANGE, NOT_ENOUGH_DATA in the same way. With refusals it is
     * REGRESSED or NOT_ENOUGH_DATA: nobody can vouch for what was not seen.
     */
    public Verdict verdict() {
        if (!refusals.isEmpty() && subjects.stream().noneMatch(subject -> subject.verdict() == Verdict.REGRESSED)) {
            return Verdict.NOT_ENOUGH_DATA;
        }
        for (Verdict verdict : List.of(Verdict.REGRESSED, Verdict.IMPROVED, Verdict.NO_CHANGE)) {
            if (subjects.stream().anyMatch(subject -> subject.verdict() == verdict)) {
                return verdict;
            }
        }
        return Verdict.NOT_ENOUGH_DATA;
    }
}
