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
        double[] ways = waysToRank(first.length, second.length);
        double all = Arrays.stream(ways).sum();
        double cumulative = 0;
        int out = -1;
        while (out + 1 < ways.length && cumulative + ways[out + 1] / all <= tail) {
            cumulative += ways[++out] / all;
        }
        return of(differences, out);
    }

    /** In how many orders of m and n values U is 0, 1, 2, …: the coefficients of the Gaussian binomial. */
    private static double[] waysToRank(int m, int n) {
        double[] ways = new double[m * n + 1];
        ways[0] = 1;
        for (int i = 1; i <= m; i++) {
            for (int u = ways.length - 1; u >= n + i; u--) {
                ways[u] -= ways[u - n - i];
            }
            for (int u = i; u < ways.length; u++) {
                ways[u] += ways[u - i];
            }
        }
        return ways;
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
