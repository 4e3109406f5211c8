package dev.writescope.compare;

/**
 * One quantile of a subject in both recordings. The interval is simultaneous: corrected for all comparisons made.
 *
 * @param quantile 0.5, 0.9, 0.95, 0.99 or 0.999
 * @param beforeNs 0 where that recording has no operations
 * @param ratio after to before; NaN, like low and high, where it cannot be estimated
 * @param low end of the ratio's confidence interval
 * @param high end of the ratio's confidence interval
 * @param reason why there is not enough data, in words; empty for other verdicts
 */
public record QuantileChange(
        double quantile,
        long beforeNs,
        long afterNs,
        double ratio,
        double low,
        double high,
        Verdict verdict,
        String reason) {}
