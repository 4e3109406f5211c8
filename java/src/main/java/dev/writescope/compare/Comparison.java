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
 *     empty in the normal case. With refusals every verdict is NOT_ENOUGH_DATA.
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

    /** REGRESSED if one subject regressed, else IMPROVED, NO_CHANGE, NOT_ENOUGH_DATA in the same way. */
    public Verdict verdict() {
        for (Verdict verdict : List.of(Verdict.REGRESSED, Verdict.IMPROVED, Verdict.NO_CHANGE)) {
            if (subjects.stream().anyMatch(subject -> subject.verdict() == verdict)) {
                return verdict;
            }
        }
        return Verdict.NOT_ENOUGH_DATA;
    }
}
