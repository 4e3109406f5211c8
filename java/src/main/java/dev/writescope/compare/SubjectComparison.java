package dev.writescope.compare;

import java.util.List;

/**
 * One subject in both recordings.
 *
 * @param quantiles in rising order
 * @param verdict REGRESSED if a quantile regressed, else IMPROVED if one improved, else NO_CHANGE if all that could
 *     be judged did not change, else NOT_ENOUGH_DATA
 */
public record SubjectComparison(
        Subject subject,
        SubjectSamples before,
        SubjectSamples after,
        List<QuantileChange> quantiles,
        RateChange rate,
        Verdict verdict) {
    public SubjectComparison {
        quantiles = List.copyOf(quantiles);
    }
}
