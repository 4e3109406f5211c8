package dev.writescope.probe;

import dev.writescope.bpf.RingBuffer;
import java.lang.foreign.MemorySegment;
import java.util.function.IntSupplier;

/** The drains as {@link Tracer} has them, over rings and lanes that are not a tracer's. */
public final class Drains {
    private Drains() {}

    public static IntSupplier ofRing(RingBuffer ring, EventSink sink) {
        Decoder decoder = new Decoder(sink, Long.MAX_VALUE, null);
        return () -> ring.drain(decoder);
    }

    public static IntSupplier ofLane(MemorySegment memory, EventSink sink) {
        Lane lane = new Lane(memory, false);
        return () -> lane.drain(sink);
    }

    /** Bytes of a lane. */
    public static long laneBytes(int records) {
        return Tracer.laneBytes(records);
    }
}
