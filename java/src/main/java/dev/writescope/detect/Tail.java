package dev.writescope.detect;

/**
 * The null of one level: how the tail of a series behaves while nothing is wrong.
 *
 * @param quantileNs the baseline's value of the quantile
 * @param threshold the first bucket whose values are worse than the quantile by more than what is of no interest
 * @param share the share of samples in that bucket and above, at most; 0 to 1
 * @param overdispersion how many times as much the counts above the threshold vary as they would by chance alone, at
 *     least 1
 */
record Tail(long quantileNs, int threshold, double share, double overdispersion) {
    Tail withOverdispersion(double larger, double newShare) {
        return new Tail(quantileNs, threshold, newShare, larger);
    }
}
