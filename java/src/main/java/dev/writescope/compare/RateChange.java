package dev.writescope.compare;

/**
 * Operations per second in both recordings. More or fewer are no verdict on latency, but a reason to doubt one.
 *
 * @param ratio after to before, with its confidence interval; NaN where it cannot be estimated
 */
public record RateChange(double beforePerSecond, double afterPerSecond, double ratio, double low, double high) {}
