package dev.writescope.compare;

/**
 * How a comparison decides.
 *
 * @param minimumEffect the smallest relative change of interest, such as 0.1 for 10 %
 * @param level the probability of a false verdict among all comparisons, such as 0.05
 * @param resamples of the bootstrap
 * @param seed of the bootstrap: the same recordings give the same figures
 */
public record ComparisonRules(double minimumEffect, double level, int resamples, long seed) {
    public static final ComparisonRules DEFAULT = new ComparisonRules(0.10, 0.05, 2_000, 20_261_124);
}
