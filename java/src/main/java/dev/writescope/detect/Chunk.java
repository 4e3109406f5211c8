package dev.writescope.detect;

import java.util.Arrays;

/**
 * A stretch of ticks, or of blocks of ticks, as bytes: some five for one of a quiet series, two per bucket for one of a
 * busy series.
 *
 * <pre>
 * tick    seconds since the chunk began, number of buckets, bucket…       numbers as varints
 * bucket  one byte: distance from the previous bucket, count               four bits each, 0 if it does not fit;
 *         what did not fit, distance first                                 as varints
 * </pre>
 */
final class Chunk {
    private static final int OBJECT_BYTES = 72;
    private static final int MOST_BYTES_PER_NUMBER = 5;
    private static final int FITS = 16;

    final long start;
    final int seconds;
    private final int tickSeconds;
    private byte[] data = new byte[48];
    private int length;
    private long samples;

    /**
     * @param seconds how long it is
     * @param tickSeconds how long each of what it holds is
     */
    Chunk(long start, int seconds, int tickSeconds) {
        this.start = start;
        this.seconds = seconds;
        this.tickSeconds = tickSeconds;
    }

    long bytes() {
        return (long) data.length + OBJECT_BYTES;
    }

    long samples() {
        return samples;
    }

    void trim() {
        data = Arrays.copyOf(data, length);
    }

    void add(long second, TickCounts tick) {
        int most = (tick.size() + 1) * (1 + 2 * MOST_BYTES_PER_NUMBER);
        if (length + most > data.length) {
            // Exact for what is small: most series are.
            data = Arrays.copyOf(data, Math.max(length + most, length * 5 / 4));
        }
        number((int) (second - start));
        number(tick.size());
        int previous = 0;
        for (int i = 0; i < tick.size(); i++) {
            bucket(tick.bucket(i) - previous, tick.count(i));
            previous = tick.bucket(i);
        }
        samples += tick.total();
    }

    private void bucket(int distance, int count) {
        int near = distance < FITS ? distance : 0;
        int few = count < FITS ? count : 0;
        data[length++] = (byte) (near << 4 | few);
        if (near == 0) {
            number(distance);
        }
        if (few == 0) {
            number(count);
        }
    }

    private void number(int value) {
        int rest = value;
        while (rest >= 0x80) {
            data[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        data[length++] = (byte) rest;
    }

    /** Those that began from one second up to another, exclusive. */
    void forEach(long from, long to, History.Visitor visitor) {
        if (start < to && start + seconds > from) {
            new Reader().read(from, to, visitor);
        }
    }

    private final class Reader {
        private int[] buckets = new int[64];
        private int[] counts = new int[64];
        private int at;

        void read(long from, long to, History.Visitor visitor) {
            while (at < length) {
                long second = start + number();
                int size = number();
                if (size > buckets.length) {
                    buckets = new int[2 * size];
                    counts = new int[2 * size];
                }
                int bucket = 0;
                for (int i = 0; i < size; i++) {
                    int packed = data[at++] & 0xff;
                    bucket += packed >= FITS ? packed >> 4 : number();
                    buckets[i] = bucket;
                    counts[i] = packed % FITS != 0 ? packed % FITS : number();
                }
                if (second >= from && second < to) {
                    visitor.tick(second, tickSeconds, size, buckets, counts);
                }
            }
        }

        private int number() {
            int value = data[at++];
            if (value >= 0) {
                return value;
            }
            value &= 0x7f;
            for (int shift = 7; ; shift += 7) {
                int more = data[at++];
                value |= (more & 0x7f) << shift;
                if (more >= 0) {
                    return value;
                }
            }
        }
    }
}
