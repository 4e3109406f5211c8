package dev.writescope.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A map in the kernel, by its descriptor, which its object owns. */
public record BpfMap(int descriptor) {
    private static final int MAP_TYPE_RINGBUF = 27;

    /** Maps the memory of a map made with BPF_F_MMAPABLE. */
    public MemorySegment memory(long size, Arena arena) throws BpfException {
        long pages = (size + Libc.PAGE_SIZE - 1) / Libc.PAGE_SIZE * Libc.PAGE_SIZE;
        return Libc.map(descriptor, 0, pages, true, arena);
    }

    /** Puts a byte under a 64-bit key. */
    public void put(long key, byte value) throws BpfException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment holder = arena.allocate(16, 8);
            holder.set(ValueLayout.JAVA_LONG, 0, key);
            holder.set(ValueLayout.JAVA_BYTE, 8, value);
            update(holder, 8);
        }
    }

    /** Takes a 64-bit key out; it need not be there. */
    public void remove(long key) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment holder = arena.allocate(ValueLayout.JAVA_LONG);
            holder.set(ValueLayout.JAVA_LONG, 0, key);
            Libbpf.get().mapDelete.call(descriptor, holder.address());
        }
    }

    /**
     * The value under a 32-bit key, as 64-bit words.
     *
     * @param words as many as a value of this map has
     * @return zeroes if there is no such key
     */
    public long[] longs(int key, int words) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment holder = arena.allocate(8, 8);
            MemorySegment value = arena.allocate(8L * words, 8);
            holder.set(ValueLayout.JAVA_INT, 0, key);
            Libbpf.get().mapLookup.call(descriptor, holder.address(), value.address());
            return value.toArray(ValueLayout.JAVA_LONG);
        }
    }

    /** Takes one entry while a map is read; key and value are valid only during the call. */
    @FunctionalInterface
    public interface Entry {
        void take(MemorySegment key, MemorySegment value);
    }

    /**
     * Reads a hash in batches, while it changes: an entry may come twice or not at all if it comes or goes meanwhile.
     *
     * @param most entries the map has
     */
    public void entries(int keySize, int valueSize, int most, Entry taker) throws BpfException {
        try (Arena arena = Arena.ofConfined()) {
            // A bucket of a hash comes whole or not at all.
            int batch = Math.min(most, 1024);
            MemorySegment keys = arena.allocate((long) batch * keySize, 8);
            MemorySegment values = arena.allocate((long) batch * valueSize, 8);
            MemorySegment position = arena.allocate(8, 8);
            MemorySegment request = arena.allocate(Libc.BATCH_SIZE, 8);
            boolean more = true;
            for (int read = 0; more && read < 2 * most; read += batch) {
                request.set(ValueLayout.JAVA_LONG, 0, read == 0 ? 0 : position.address());
                request.set(ValueLayout.JAVA_LONG, 8, position.address());
                request.set(ValueLayout.JAVA_LONG, 16, keys.address());
                request.set(ValueLayout.JAVA_LONG, 24, values.address());
                request.set(ValueLayout.JAVA_INT, 32, batch);
                request.set(ValueLayout.JAVA_INT, 36, descriptor);
                more = Libc.lookUpBatch(request);
                int count = request.get(ValueLayout.JAVA_INT, 32);
                for (int i = 0; i < Math.min(count, batch); i++) {
                    taker.take(
                            keys.asSlice((long) i * keySize, keySize), values.asSlice((long) i * valueSize, valueSize));
                }
            }
        }
    }

    /**
     * Makes a ring buffer, puts it at an index of this map of maps and maps it for reading.
     *
     * @param size bytes, a power of two of at least one page
     */
    public RingBuffer addRing(int index, int size, Arena arena) throws BpfException {
        try (Arena scratch = Arena.ofConfined()) {
            int ring = (int) Libbpf.get()
                    .mapCreate
                    .call(MAP_TYPE_RINGBUF, scratch.allocateFrom("writescope").address(), 0, 0, size, 0);
            if (ring < 0) {
                throw new BpfException("cannot make a ring buffer of " + size + " bytes", -ring);
            }
            try {
                MemorySegment holder = scratch.allocate(16, 8);
                holder.set(ValueLayout.JAVA_INT, 0, index);
                holder.set(ValueLayout.JAVA_INT, 8, ring);
                update(holder, 8);
                MemorySegment consumer = Libc.map(ring, 0, Libc.PAGE_SIZE, true, arena);
                MemorySegment rest = Libc.map(ring, Libc.PAGE_SIZE, Libc.PAGE_SIZE + 2L * size, false, arena);
                return new RingBuffer(
                        consumer, rest.asSlice(0, Libc.PAGE_SIZE), rest.asSlice(Libc.PAGE_SIZE, 2L * size));
            } finally {
                // The mapping and the map of maps keep it alive.
                Libc.close(ring);
            }
        }
    }

    private void update(MemorySegment holder, long valueOffset) throws BpfException {
        int error = (int)
                Libbpf.get().mapUpdate.call(descriptor, holder.address(), holder.address() + valueOffset, 0, 0, 0);
        if (error < 0) {
            throw new BpfException("cannot change a BPF map", -error);
        }
    }
}
