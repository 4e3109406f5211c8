package dev.writescope.detect;

/** A distribution of latencies in milliseconds, by its cumulative function. */
@FunctionalInterface
interface Distribution {
    /** The share of calls that take no longer. */
    double share(double milliseconds);

    /** A lognormal body around 1 ms, and for one call in 50 a Pareto tail from 3 ms on. */
    Distribution CALLS =
            x -> x <= 0 ? 0 : 0.98 * normal(Math.log(x) / 0.5) + 0.02 * Math.max(0, 1 - Math.pow(x / 3, -2.5));

    /** All calls slower by a factor. */
    default Distribution slower(double factor) {
        return x -> share(x / factor);
    }

    /** A part of the calls slower by a factor. */
    default Distribution partly(double part, double factor) {
        return x -> (1 - part) * share(x) + part * share(x / factor);
    }

    /** What takes longer than so much takes longer still, by a factor. */
    default Distribution slowerBeyond(double milliseconds, double factor) {
        return x -> x <= milliseconds ? share(x) : share(Math.max(milliseconds, x / factor));
    }

    /** What a share of the calls does not exceed. */
    default double quantile(double share) {
        double low = 0;
        double high = 1e6;
        while (high - low > 1e-6 * high) {
            double middle = (low + high) / 2;
            if (share(middle) < share) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** The normal distribution, within 10⁻⁷ (Abramowitz and Stegun 7.1.26). */
    private static double normal(double z) {
        double x = Math.abs(z) / Math.sqrt(2);
        double t = 1 / (1 + 0.3275911 * x);
        double series =
                t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
        double upper = 0.5 * series * Math.exp(-x * x);
        return z > 0 ? 1 - upper : upper;
    }
}
