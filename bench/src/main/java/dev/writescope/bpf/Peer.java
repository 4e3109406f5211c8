package dev.writescope.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** The C side of a comparison (peers/drain.c), in this process so that the two can take turns. For one thread. */
public final class Peer {
    private static final int RING_BYTES = 1 << 20;

    private final NativeLibrary library;
    private final NativeLibrary.Function fill;
    private final NativeLibrary.Function drainRing;
    private final NativeLibrary.Function drainLane;

    /**
     * @param library libpeer.so
     * @param programs fill.bpf.o
     * @param digits significant digits of its histograms: 2 or 3
     * @throws BpfException if the programs cannot be loaded
     */
    public Peer(Path library, Path programs, int digits) throws BpfException {
        this.library = NativeLibrary.open(library.toAbsolutePath().toString());
        this.fill = this.library.function("peer_fill");
        this.drainRing = this.library.function("peer_drain_ring");
        this.drainLane = this.library.function("peer_drain_lane");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(programs.toString());
            if ((int) this.library.function("peer_open").call(path.address(), digits) != 0) {
                throw new BpfException("the peer cannot load " + programs, NativeLibrary.errno());
            }
        }
    }

    /** Our reader of a ring of our own, filled like the peer's. */
    public RingBuffer ring() throws BpfException {
        int descriptor = (int) library.function("peer_java_ring").call();
        MemorySegment consumer = Libc.map(descriptor, 0, Libc.PAGE_SIZE, true, Arena.global());
        MemorySegment rest =
                Libc.map(descriptor, Libc.PAGE_SIZE, Libc.PAGE_SIZE + 2L * RING_BYTES, false, Arena.global());
        return new RingBuffer(consumer, rest.asSlice(0, Libc.PAGE_SIZE), rest.asSlice(Libc.PAGE_SIZE, 2L * RING_BYTES));
    }

    public void fillOurRing() {
        fill.call(1);
    }

    public void fillPeersRing() {
        fill.call(0);
    }

    /** Lets the peer empty its ring; returns the number of records. */
    public int drainRing() {
        return (int) drainRing.call();
    }

    /**
     * A new lane with the same writes as every other.
     *
     * @param size bytes: header and records
     */
    @SuppressWarnings("restricted")
    public MemorySegment lane(long size) {
        return MemorySegment.ofAddress(library.function("peer_make_lane").call())
                .reinterpret(size);
    }

    /** Makes all records of a lane new again. */
    public static void refill(MemorySegment lane, int records) {
        lane.set(ValueLayout.JAVA_LONG, 0, lane.get(ValueLayout.JAVA_LONG, 0) + records);
    }

    /** Lets the peer empty a lane; returns the number of records. */
    public int drainLane(MemorySegment lane) {
        return (int) drainLane.call(lane.address());
    }
}
