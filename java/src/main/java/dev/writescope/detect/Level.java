package dev.writescope.detect;

/** The quantiles that are watched. */
enum Level {
    P50(0.5, 0.25, 0.05),
    P90(0.9, 0.25, 0.05),
    P99(0.99, 0.25, 0.05),
    P999(0.999, 0.20, 0.04);

    static final Level[] ALL = values();

    /** A level is judged if the baseline has as many samples beyond its quantile. */
    static final int SAMPLES_BEYOND = 10;

    final double quantile;
    /** How much of the evidence for an alarm one burst can give, as a share of the whole. */
    final double burst;
    /** How much of it can be given each second after that: with the above, the shortest delay of an alarm. */
    final double perSecond;

    Level(double quantile, double burst, double perSecond) {
        this.quantile = quantile;
        this.burst = burst;
        this.perSecond = perSecond;
    }

    boolean rare() {
        return quantile >= 0.99;
    }
}
