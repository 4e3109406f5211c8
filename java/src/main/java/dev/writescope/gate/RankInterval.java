package dev.writescope.gate;

import java.util.Arrays;

/**
 * Confidence intervals from ranks: exact whatever the distribution, and a repetition that met a stall of the machine
 * counts as one repetition, however long the stall was.
 *
 * @param low NaN, like high, where there are too few values for the confidence asked for
 * @param middle the estimate
 */
record RankInterval(double low, double middle, double high) {

    /**
     * Of the median of differences within pairs: the sign test's, from order statistics.
     *
     * @param tail the probability that the truth is below the interval, and the same above it
     */
    static RankInterval ofPairs(double[] differences, double tail) {
        double[] sorted = differences.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        // As many are below the median as heads among n coins.
        double coins = Math.pow(0.5, n);
        double cumulative = 0;
        int out = -1;
        while (out + 1 < n && cumulative + coins <= tail) {
            cumulative += coins;
            out++;
            coins *= (n - out) / (out + 1.0);
        }
        return of(sorted, out);
    }

    /** Of the shift from one sample to another: Hodges and Lehmann's, from the distribution of Mann and Whitney's U. */
    static RankInterval ofShift(double[] first, double[] second, double tail) {
        double[] differences = new double[first.length * second.length];
        int at = 0;
        for (double one : first) {
            for (double other : second) {
                differences[at++] = other - one;
            }
        }
        Arrays.sort(differences);
        double[] chances = chancesOfRanks(first.length, second.length);
        double cumulative = 0;
        int out = -1;
        while (out + 1 < chances.length && cumulative + chances[out + 1] <= tail) {
            cumulative += chances[++out];
        }
        return of(differences, out);
    }

    /**
     * How probable U = 0, 1, 2, … is for m and n values in any order: the coefficients of the Gaussian binomial, each of
     * its factors divided by its sum, as the number of orders soon is beyond a double.
     */
    private static double[] chancesOfRanks(int m, int n) {
        double[] chances = new double[m * n + 1];
        chances[0] = 1;
        for (int i = 1; i <= m; i++) {
            for (int u = chances.length - 1; u >= n + i; u--) {
                chances[u] -= chances[u - n - i];
            }
            double share = i / (double) (n + i);
            chances[0] *= share;
            for (int u = 1; u < chances.length; u++) {
                chances[u] = chances[u] * share + (u < i ? 0 : chances[u - i]);
            }
        }
        return chances;
    }

    /** Without the {@code out} + 1 outermost values on each side, the next are the ends. */
    private static RankInterval of(double[] sorted, int out) {
        int n = sorted.length;
        double middle = n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        return out < 0 || 2 * out >= n
                ? new RankInterval(Double.NaN, middle, Double.NaN)
                : new RankInterval(sorted[out], middle, sorted[n - 1 - out]);
    }
}
