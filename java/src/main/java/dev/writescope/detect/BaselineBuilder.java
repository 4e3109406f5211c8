package dev.writescope.detect;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Learns from a series how its tails behave while nothing is wrong: the quantiles, how often the thresholds above them
 * are exceeded, and how much more that varies than chance would have it. Reuses its memory; one thread.
 */
final class BaselineBuilder {
    /** Moves smaller than this are of no interest: watching for them costs false alarms. */
    private static final double SMALLEST_CHANGE = 0.25;
    /** One-sided 99 %. */
    private static final double Z = 2.33;

    private static final int BLOCK_SECONDS = 8;
    private static final int[] SCALES = {1, 2, 4, 8};
    private static final int FEWEST_BLOCKS = 4;
    private static final double TRIMMED = 0.05;
    private static final double CLIP_SIGMAS = 4;
    private static final int MOST_REPLAYS = 3;
    /**
     * Of a baseline of this length twice the change is asked for, and more of a shorter one: load states that come every
     * few minutes it has hardly met.
     */
    private static final double UNSEEN_SECONDS = 600;

    private final long[] merged = new long[TickCounts.SIZE];
    private int ticks;
    /** When each tick or block began, and how long it is. */
    private long[] seconds = new long[1024];

    private double[] lengths = new double[1024];
    private double learned;
    private int[] samples = new int[1024];
    private int[] firstEntry = new int[1025];
    private int[] buckets = new int[16 * 1024];
    private int[] counts = new int[16 * 1024];
    private int[] exceeding = new int[1024];
    private long total;

    private double[] residuals = new double[1024];
    private double[] sorted = new double[1024];

    /** A stretch of seconds that is not to be learned from. */
    record Excluded(long from, long to) {
        boolean overlaps(long second, long length) {
            return second + length > from && second < to;
        }
    }

    /**
     * Learns from the ticks from one second to another, exclusive.
     *
     * @param tickSeconds how long a tick is these days
     * @param logAlarm the logarithm of the evidence that raises an alarm
     * @return the tail of each level for which there is enough
     */
    Map<Level, Tail> build(
            History history, long from, long to, List<Excluded> excluded, double tickSeconds, double logAlarm) {
        read(history, from, to, excluded, tickSeconds);
        Map<Level, Tail> tails = new EnumMap<>(Level.class);
        for (Level level : Level.ALL) {
            if (total * (1 - level.quantile) >= Level.SAMPLES_BEYOND) {
                tails.put(level, tail(level, logAlarm));
            }
        }
        return tails;
    }

    private void read(History history, long from, long to, List<Excluded> excluded, double tickSeconds) {
        Arrays.fill(merged, 0);
        ticks = 0;
        total = 0;
        learned = to - from;
        for (Excluded stretch : excluded) {
            learned -= Math.max(0, Math.min(to, stretch.to) - Math.max(from, stretch.from));
        }
        history.forEach(from, to, (second, length, size, tickBuckets, tickCounts) -> {
            if (excluded.stream().noneMatch(stretch -> stretch.overlaps(second, length))) {
                lengths[ticks] = Math.max(length, tickSeconds);
                take(second, size, tickBuckets, tickCounts);
            }
        });
    }

    private void take(long second, int size, int[] tickBuckets, int[] tickCounts) {
        makeRoom(size);
        int at = firstEntry[ticks];
        int sum = 0;
        for (int i = 0; i < size; i++) {
            buckets[at + i] = tickBuckets[i];
            counts[at + i] = tickCounts[i];
            merged[tickBuckets[i]] += tickCounts[i];
            sum += tickCounts[i];
        }
        seconds[ticks] = second;
        samples[ticks] = sum;
        total += sum;
        ticks++;
        firstEntry[ticks] = at + size;
    }

    private void makeRoom(int size) {
        if (ticks + 1 >= samples.length) {
            int more = 2 * samples.length;
            seconds = Arrays.copyOf(seconds, more);
            lengths = Arrays.copyOf(lengths, more);
            samples = Arrays.copyOf(samples, more);
            exceeding = new int[more];
            residuals = new double[more];
            sorted = new double[more];
            firstEntry = Arrays.copyOf(firstEntry, more + 1);
        }
        if (firstEntry[ticks] + size > buckets.length) {
            int more = Math.max(2 * buckets.length, firstEntry[ticks] + size);
            buckets = Arrays.copyOf(buckets, more);
            counts = Arrays.copyOf(counts, more);
        }
    }

    private Tail tail(Level level, double logAlarm) {
        long quantile = quantile(merged, total, level.quantile);
        int threshold = threshold(quantile * (1 + SMALLEST_CHANGE * (1 + UNSEEN_SECONDS / learned)));
        long above = 0;
        for (int tick = 0; tick < ticks; tick++) {
            int sum = 0;
            for (int i = firstEntry[tick]; i < firstEntry[tick + 1]; i++) {
                sum += buckets[i] >= threshold ? counts[i] : 0;
            }
            exceeding[tick] = sum;
            above += sum;
        }
        double share = (double) above / total;
        double overdispersion = overdispersion(level, share);
        Tail tail = new Tail(quantile, threshold, upperShare(level, share, overdispersion), overdispersion);
        double minutes = Math.max(learned / 60, 2);
        double alarmMinutes = Math.exp(logAlarm) / 60;
        double permitted = Math.max(0.2, Math.log(minutes) / Math.log(alarmMinutes)) * logAlarm;
        for (int i = 0; i < MOST_REPLAYS; i++) {
            double reached = replay(level, tail, logAlarm);
            if (reached <= permitted) {
                break;
            }
            double larger = tail.overdispersion() * reached / permitted;
            tail = tail.withOverdispersion(larger, upperShare(level, share, larger));
        }
        return tail;
    }

    /** The value that a share of the samples does not exceed, between the ends of its bucket by rank; in nanoseconds. */
    static long quantile(long[] merged, long total, double quantile) {
        double rank = quantile * total;
        long seen = 0;
        for (int bucket = 0; bucket < merged.length; bucket++) {
            if (merged[bucket] > 0 && seen + merged[bucket] >= rank) {
                long low = TickCounts.BUCKETS.lowest(bucket);
                long high = TickCounts.BUCKETS.highestLike(low) + 1;
                return low + (long) ((high - low) * (rank - seen) / merged[bucket]);
            }
            seen += merged[bucket];
        }
        return 0;
    }

    /** The bucket that begins nearest to a value. */
    private static int threshold(double value) {
        int bucket = TickCounts.BUCKETS.of(Math.round(value));
        long low = TickCounts.BUCKETS.lowest(bucket);
        long high = TickCounts.BUCKETS.highestLike(low) + 1;
        return value - low < high - value ? bucket : bucket + 1;
    }

    /** The end of Wilson's interval, with as many samples as they are worth; never below what the quantile says. */
    private double upperShare(Level level, double share, double overdispersion) {
        double n = total / overdispersion;
        double z2 = Z * Z;
        double centre = share + z2 / (2 * n);
        double half = Z * Math.sqrt(share * (1 - share) / n + z2 / (4 * n * n));
        double upper = (centre + half) / (1 + z2 / n);
        return Math.clamp(upper, 1 - level.quantile, 0.95);
    }

    /** The largest of the scales': stalls and bursts last as long as they like. */
    private double overdispersion(Level level, double share) {
        if (share <= 0 || share >= 1) {
            return 1;
        }
        double largest = 1;
        for (int scale : SCALES) {
            int blocks = residuals(scale * BLOCK_SECONDS, share);
            if (blocks >= FEWEST_BLOCKS) {
                largest = Math.max(largest, trimmedMeanSquare(level, blocks));
            }
        }
        return largest;
    }

    /** Fills in the standardised residual of each block of seconds that has samples; returns how many there are. */
    private int residuals(int blockSeconds, double share) {
        int blocks = 0;
        int tick = 0;
        while (tick < ticks) {
            long block = Math.floorDiv(seconds[tick], blockSeconds);
            long n = 0;
            long k = 0;
            for (; tick < ticks && Math.floorDiv(seconds[tick], blockSeconds) == block; tick++) {
                n += samples[tick];
                k += exceeding[tick];
            }
            residuals[blocks++] = (k - share * n) / Math.sqrt(share * (1 - share) * n);
        }
        return blocks;
    }

    private double trimmedMeanSquare(Level level, int blocks) {
        double clip = Double.POSITIVE_INFINITY;
        if (level.rare()) {
            for (int i = 0; i < blocks; i++) {
                sorted[i] = Math.abs(residuals[i]);
            }
            Arrays.sort(sorted, 0, blocks);
            clip = CLIP_SIGMAS * Math.max(1, 1.4826 * sorted[blocks / 2]);
        }
        for (int i = 0; i < blocks; i++) {
            double clipped = Math.clamp(residuals[i], -clip, clip);
            sorted[i] = clipped * clipped;
        }
        Arrays.sort(sorted, 0, blocks);
        int kept = Math.max(1, blocks - (int) (TRIMMED * blocks));
        double sum = 0;
        for (int i = 0; i < kept; i++) {
            sum += sorted[i];
        }
        return sum / kept;
    }

    /** The logarithm of the largest evidence that the baseline itself would have given. */
    private double replay(Level level, Tail tail, double logAlarm) {
        Evidence evidence = new Evidence(level, tail, logAlarm);
        double largest = 0;
        for (int tick = 0; tick < ticks; tick++) {
            double now = evidence.add(seconds[tick], lengths[tick], samples[tick], exceeding[tick], logAlarm);
            largest = Math.max(largest, now);
        }
        return Math.log(largest);
    }
}
