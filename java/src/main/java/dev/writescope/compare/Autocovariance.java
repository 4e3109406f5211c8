package dev.writescope.compare;

/**
 * How a series of numbers with mean zero depends on its own past, and what that does to the variance of its sum.
 * Products are not taken across the ends of segments.
 */
final class Autocovariance {
    /** Lags after the last one that matters which must not matter either; Politis and White (2004) call it K. */
    private static final int QUIET_LAGS = 5;

    private final int n;
    private final double[] byLag;
    /** The last lag that is told from nothing, at least 1. */
    private final int memory;

    /** @param segments which segment each number belongs to, rising */
    Autocovariance(double[] series, int[] segments) {
        n = series.length;
        byLag = new double[Math.max(1, Math.min(n / 2, (int) (4 * Math.sqrt(n)) + QUIET_LAGS))];
        for (int lag = 0; lag < byLag.length; lag++) {
            double sum = 0;
            for (int i = lag; i < n; i++) {
                if (segments[i] == segments[i - lag]) {
                    sum += series[i] * series[i - lag];
                }
            }
            byLag[lag] = sum / n;
        }
        memory = memory();
    }

    private int memory() {
        double noise = 2 * Math.sqrt(Math.log10(Math.max(10, n)) / n) * byLag[0];
        int quiet = 0;
        for (int lag = 1; lag < byLag.length; lag++) {
            quiet = Math.abs(byLag[lag]) > noise ? 0 : quiet + 1;
            if (quiet == QUIET_LAGS) {
                return Math.max(1, lag - QUIET_LAGS);
            }
        }
        return Math.max(1, byLag.length - 1 - quiet);
    }

    /** Of one number alone. */
    double variance() {
        return byLag[0];
    }

    /** The variance of the sum per number, with a window of trapezoid shape (Politis and Romano 1995). */
    double ofSum() {
        double sum = byLag[0];
        double window = 1;
        for (int lag = 1; lag < byLag.length && lag < 2 * memory; lag++) {
            sum += 2 * trapezoid(lag) * byLag[lag];
            window += 2 * trapezoid(lag);
        }
        // The numbers vary around their own mean, which takes away that share of the variance.
        return Math.max(0, sum / Math.max(0.5, 1 - window / n));
    }

    /** What a bootstrap with blocks of this length makes of it. */
    double ofSumInBlocks(double length) {
        double sum = byLag[0];
        for (int lag = 1; lag < byLag.length && lag < length; lag++) {
            sum += 2 * (1 - lag / length) * byLag[lag];
        }
        return Math.max(0, sum);
    }

    /** The length of blocks that makes the error of a circular bootstrap's variance least, in numbers. */
    double blockLength() {
        double slope = 0;
        for (int lag = 1; lag < byLag.length && lag < 2 * memory; lag++) {
            slope += 2 * trapezoid(lag) * lag * byLag[lag];
        }
        double level = ofSum();
        return level > 0 ? Math.cbrt(1.5 * slope * slope / (level * level) * n) : 1;
    }

    private double trapezoid(int lag) {
        return Math.min(1, 2 * (1 - lag / (2.0 * memory)));
    }
}
