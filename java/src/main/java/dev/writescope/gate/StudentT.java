package dev.writescope.gate;

/**
 * Student's t distribution. With t = √f · tan a, its density becomes proportional to cos^(f−1) a between ± π/2, which
 * can be summed up.
 */
final class StudentT {
    private static final int STEPS = 2_000;
    private static final double HALF = Math.PI / 2;

    private StudentT() {}

    /**
     * What a variable exceeds with a probability.
     *
     * @param tail the probability, above 0 and below 0.5
     * @param freedom degrees of freedom, at least 1, whole or not
     */
    static double exceededWith(double tail, double freedom) {
        double[] sums = new double[STEPS + 1]; // from 0 to each angle
        double step = HALF / STEPS;
        for (int i = 1; i <= STEPS; i++) {
            sums[i] = sums[i - 1] + Math.pow(Math.cos((i - 0.5) * step), freedom - 1);
        }
        double wanted = (1 - 2 * tail) * sums[STEPS];
        int above = 1;
        while (sums[above] < wanted) {
            above++;
        }
        double part = (wanted - sums[above - 1]) / (sums[above] - sums[above - 1]);
        return Math.sqrt(freedom) * Math.tan((above - 1 + part) * step);
    }
}
