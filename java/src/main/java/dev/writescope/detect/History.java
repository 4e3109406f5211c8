package dev.writescope.detect;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What a series was like, packed. The newest ticks are kept as they were, older ones are added up in blocks of
 * {@value #BLOCK_SECONDS} s: how counts vary is learned from such blocks anyway, and a block's burst weighs no less for
 * not being told second by second. Ticks without samples take no room.
 */
final class History {
    static final int BLOCK_SECONDS = 8;
    /** Under pressure this much is kept as it was, and this much at all. */
    private static final int FEWEST_FINE = 2;

    private static final int FEWEST_COARSE = 2;

    private static final int FINE_SECONDS = 64;
    private static final int COARSE_SECONDS = 512;
    /** Ticks older than this are added up in any case. */
    private static final int FINE_CHUNKS = 15;

    private final Deque<Chunk> fine = new ArrayDeque<>();
    /** All older than the fine ones. */
    private final Deque<Chunk> coarse = new ArrayDeque<>();

    private long bytes;
    private long samples;

    /** Takes a tick's buckets and their counts, rising; the arrays are valid during the call. */
    @FunctionalInterface
    interface Visitor {
        /**
         * One of them.
         *
         * @param seconds how long a block of ticks is, 1 for a tick as it was
         */
        void tick(long second, int seconds, int size, int[] buckets, int[] counts);
    }

    /** About what it takes of the heap. */
    long bytes() {
        return bytes;
    }

    long samples() {
        return samples;
    }

    /** When the oldest chunk began; {@code otherwise} if there is nothing. */
    long start(long otherwise) {
        Chunk first = coarse.isEmpty() ? fine.peekFirst() : coarse.peekFirst();
        return first == null ? otherwise : first.start;
    }

    void add(long second, TickCounts tick) {
        append(fine, second, FINE_SECONDS, 1, tick);
        samples += tick.total();
        while (fine.size() > FINE_CHUNKS) {
            addUpOldest();
        }
    }

    private void append(Deque<Chunk> chunks, long second, int seconds, int tickSeconds, TickCounts tick) {
        long start = Math.floorDiv(second, seconds) * seconds;
        Chunk chunk = chunks.peekLast();
        if (chunk == null || chunk.start != start) {
            if (chunk != null) {
                bytes -= chunk.bytes();
                chunk.trim();
                bytes += chunk.bytes();
            }
            chunk = new Chunk(start, seconds, tickSeconds);
            chunks.add(chunk);
            bytes += chunk.bytes();
        }
        bytes -= chunk.bytes();
        chunk.add(second, tick);
        bytes += chunk.bytes();
    }

    /** The oldest fine chunk becomes a part of the newest coarse one. */
    private void addUpOldest() {
        Chunk oldest = fine.removeFirst();
        bytes -= oldest.bytes();
        TickCounts block = new TickCounts();
        long[] blockStart = {Long.MIN_VALUE};
        oldest.forEach(Long.MIN_VALUE, Long.MAX_VALUE, (second, _, size, buckets, counts) -> {
            long start = Math.floorDiv(second, BLOCK_SECONDS) * BLOCK_SECONDS;
            if (start != blockStart[0] && block.total() > 0) {
                append(coarse, blockStart[0], COARSE_SECONDS, BLOCK_SECONDS, block);
                block.clear();
            }
            blockStart[0] = start;
            for (int i = 0; i < size; i++) {
                block.add(buckets[i], counts[i]);
            }
        });
        append(coarse, blockStart[0], COARSE_SECONDS, BLOCK_SECONDS, block);
    }

    /** Forgets chunks that ended before a second; only as long as {@code keptSamples} stay. */
    void forgetBefore(long second, long keptSamples) {
        forgetBefore(coarse, second, keptSamples);
        if (coarse.isEmpty()) {
            forgetBefore(fine, second, keptSamples);
        }
    }

    private void forgetBefore(Deque<Chunk> chunks, long second, long keptSamples) {
        while (!chunks.isEmpty()) {
            Chunk oldest = chunks.getFirst();
            if (oldest.start + oldest.seconds > second || samples - oldest.samples() < keptSamples) {
                return;
            }
            forgetFirst(chunks);
        }
    }

    private void forgetFirst(Deque<Chunk> chunks) {
        Chunk gone = chunks.removeFirst();
        samples -= gone.samples();
        bytes -= gone.bytes();
    }

    /** Takes less room, if it can: first by adding up more ticks, then by forgetting the oldest. */
    void shrinkTo(long allowance) {
        while (bytes > allowance && fine.size() > FEWEST_FINE) {
            addUpOldest();
        }
        while (bytes > allowance && coarse.size() > FEWEST_COARSE) {
            forgetFirst(coarse);
        }
    }

    /** Gives the ticks and blocks that began from one second up to another, exclusive, oldest first. */
    void forEach(long from, long to, Visitor visitor) {
        coarse.forEach(chunk -> chunk.forEach(from, to, visitor));
        fine.forEach(chunk -> chunk.forEach(from, to, visitor));
    }
}
