package dev.writescope.detect;

/**
 * How much speaks for one level's tail having grown: the Shiryaev–Roberts statistic of the exceedance counts, averaged
 * over alternatives. Under the null its mean after t seconds is t at most, so it takes A seconds on average to reach A by
 * chance, however long the ticks are (Pollak 1985; as an e-detector Shin, Ramdas, Rinaldo 2022).
 *
 * <p>What a tick can add is limited by a token bucket: no single burst raises an alarm, nor does a single tick, however
 * long it was.
 */
final class Evidence {
    /** The odds of exceeding the threshold, in multiples of the null's. */
    private static final double[] ALTERNATIVES = {1.5, 2, 4, 8, 16};

    /** The most that one tick may give, as a share of the evidence for an alarm. */
    private static final double MOST_PER_TICK = 0.5;

    private final Level level;
    private final Tail tail;
    /** Log likelihood ratio of one sample above the threshold, and of one below, per alternative. */
    private final double[] above = new double[ALTERNATIVES.length];

    private final double[] below = new double[ALTERNATIVES.length];
    private final double[] statistics = new double[ALTERNATIVES.length];
    private final double[] tokens = new double[ALTERNATIVES.length];
    /** Plain cumulative sums beside it, without tokens: where the best one was last 0 the change began. */
    private final double[] sums = new double[ALTERNATIVES.length];

    private final long[] since = new long[ALTERNATIVES.length];

    /** @param logAlarm the logarithm of the evidence that will raise an alarm */
    Evidence(Level level, Tail tail, double logAlarm) {
        this.level = level;
        this.tail = tail;
        for (int i = 0; i < ALTERNATIVES.length; i++) {
            double odds = ALTERNATIVES[i] * tail.share() / (1 - tail.share());
            double share = odds / (1 + odds);
            above[i] = Math.log(share / tail.share()) / tail.overdispersion();
            below[i] = Math.log((1 - share) / (1 - tail.share())) / tail.overdispersion();
        }
        reset(logAlarm);
    }

    /** Forgets everything. */
    void reset(double logAlarm) {
        for (int i = 0; i < ALTERNATIVES.length; i++) {
            statistics[i] = 0;
            sums[i] = 0;
            since[i] = Long.MIN_VALUE;
            tokens[i] = level.burst * logAlarm;
        }
    }

    /** Goes on from what an older baseline had led to. */
    void continueFrom(Evidence older) {
        System.arraycopy(older.statistics, 0, statistics, 0, statistics.length);
        System.arraycopy(older.tokens, 0, tokens, 0, tokens.length);
        System.arraycopy(older.sums, 0, sums, 0, sums.length);
        System.arraycopy(older.since, 0, since, 0, since.length);
    }

    Tail tail() {
        return tail;
    }

    /**
     * Takes a tick with samples.
     *
     * @param second when it began
     * @param seconds how long it was
     * @return the evidence now
     */
    double add(long second, double seconds, int samples, int exceeding, double logAlarm) {
        double refill = level.perSecond * seconds * logAlarm;
        double started = Math.min(seconds, Math.exp(logAlarm * (1 - MOST_PER_TICK)) / 2);
        double capacity = Math.clamp(refill, level.burst * logAlarm, MOST_PER_TICK * logAlarm);
        for (int i = 0; i < ALTERNATIVES.length; i++) {
            double ratio = exceeding * above[i] + (samples - exceeding) * below[i];
            if (sums[i] <= 0) {
                since[i] = second;
            }
            sums[i] = Math.max(0, sums[i] + ratio);
            tokens[i] = Math.min(capacity, tokens[i] + refill);
            double limited = Math.min(ratio, tokens[i]);
            tokens[i] -= Math.max(0, limited);
            statistics[i] = (statistics[i] + started) * Math.exp(limited);
        }
        return value();
    }

    /** Alarm when it reaches A. */
    double value() {
        double sum = 0;
        for (double statistic : statistics) {
            sum += statistic;
        }
        return sum / ALTERNATIVES.length;
    }

    /** When the change began, by the alternative that fits best. */
    long since() {
        int best = 0;
        for (int i = 1; i < ALTERNATIVES.length; i++) {
            if (statistics[i] > statistics[best]) {
                best = i;
            }
        }
        return since[best];
    }

    /** How much a tick speaks for the null, against the smallest change; in nats. */
    double forNull(int samples, int exceeding) {
        return -(exceeding * above[0] + (samples - exceeding) * below[0]);
    }
}
