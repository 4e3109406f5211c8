package dev.writescope.detect;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;

/**
 * The ticks of a series, packed: some ten bytes for one of a quiet series, two per bucket for one of a busy series.
 * Ticks without samples take no room.
 *
 * <pre>
 * tick    second since the chunk began, number of buckets, (distance from the previous bucket, count)…   as varints
 * </pre>
 */
final class History {
    private static final int CHUNK_SECONDS = 60;

    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private long bytes;
    private long samples;

    private static final class Chunk {
        final long start;
        byte[] data = new byte[64];
        int length;
        long samples;

        Chunk(long start) {
            this.start = start;
        }
    }

    /** Takes a tick's buckets and their counts; the arrays are valid during the call. */
    @FunctionalInterface
    interface Visitor {
        void tick(long second, int size, int[] buckets, int[] counts);
    }

    long bytes() {
        return bytes;
    }

    long samples() {
        return samples;
    }

    /** When the oldest chunk began; {@code otherwise} if there is nothing. */
    long start(long otherwise) {
        Chunk first = chunks.peekFirst();
        return first == null ? otherwise : first.start;
    }

    void add(long second, TickCounts tick) {
        Chunk chunk = chunks.peekLast();
        if (chunk == null || second >= chunk.start + CHUNK_SECONDS) {
            if (chunk != null) {
                trim(chunk);
            }
            chunk = new Chunk(second);
            chunks.add(chunk);
            bytes += chunk.data.length;
        }
        int before = chunk.data.length;
        put(chunk, second - chunk.start);
        put(chunk, tick.size());
        int previous = 0;
        for (int i = 0; i < tick.size(); i++) {
            put(chunk, tick.bucket(i) - previous);
            put(chunk, tick.count(i));
            previous = tick.bucket(i);
        }
        bytes += chunk.data.length - before;
        chunk.samples += tick.total();
        samples += tick.total();
    }

    private void trim(Chunk chunk) {
        bytes -= chunk.data.length - chunk.length;
        chunk.data = Arrays.copyOf(chunk.data, chunk.length);
    }

    private static void put(Chunk chunk, long value) {
        if (chunk.length + 10 > chunk.data.length) {
            chunk.data = Arrays.copyOf(chunk.data, chunk.data.length * 3 / 2 + 10);
        }
        long rest = value;
        while (rest >= 0x80) {
            chunk.data[chunk.length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        chunk.data[chunk.length++] = (byte) rest;
    }

    /** Forgets chunks that ended before a second; only as long as {@code samples} stay. */
    void forgetBefore(long second, long keptSamples) {
        while (!chunks.isEmpty()) {
            Chunk oldest = chunks.getFirst();
            if (oldest.start + CHUNK_SECONDS > second || samples - oldest.samples < keptSamples) {
                return;
            }
            samples -= oldest.samples;
            bytes -= oldest.data.length;
            chunks.removeFirst();
        }
    }

    /** Gives the ticks from one second up to another, exclusive, oldest first. */
    void forEach(long from, long to, Visitor visitor) {
        Reader reader = new Reader();
        Iterator<Chunk> all = chunks.iterator();
        while (all.hasNext()) {
            Chunk chunk = all.next();
            if (chunk.start < to && chunk.start + CHUNK_SECONDS > from) {
                reader.read(chunk, from, to, visitor);
            }
        }
    }

    private static final class Reader {
        private int[] buckets = new int[64];
        private int[] counts = new int[64];
        private int at;

        void read(Chunk chunk, long from, long to, Visitor visitor) {
            at = 0;
            while (at < chunk.length) {
                long second = chunk.start + next(chunk.data);
                int size = next(chunk.data);
                if (size > buckets.length) {
                    buckets = new int[2 * size];
                    counts = new int[2 * size];
                }
                int bucket = 0;
                for (int i = 0; i < size; i++) {
                    bucket += next(chunk.data);
                    buckets[i] = bucket;
                    counts[i] = next(chunk.data);
                }
                if (second >= from && second < to) {
                    visitor.tick(second, size, buckets, counts);
                }
            }
        }

        private int next(byte[] data) {
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
