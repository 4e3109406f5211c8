package dev.writescope.probe;

import dev.writescope.bpf.BpfException;
import dev.writescope.bpf.BpfMap;
import dev.writescope.bpf.BpfObject;
import dev.writescope.bpf.Priority;
import dev.writescope.bpf.RingBuffer;
import dev.writescope.bpf.Trial;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attached programs and what comes out of them. {@link #drain} belongs to one thread.
 */
public final class Tracer implements AutoCloseable {
    private final Hooks hooks;
    private final BpfObject object;
    private final CgroupFilter filter;
    private final RingBuffer[] rings;
    private final Lane[] lanes;
    private final Decoder decoder;
    private final EventSink sink;
    private final @Nullable Stacks stacks;
    private final Counters counters;
    private Losses finalLosses = Losses.NONE;
    private boolean closed;

    private Tracer(Hooks hooks, TraceOptions options, EventSink sink) throws BpfException {
        this.hooks = hooks;
        this.object = hooks.object();
        this.sink = sink;
        this.stacks = hooks.seesWaits() ? new Stacks(object.loadedMap("stacks")) : null;
        this.decoder = new Decoder(sink, options.slowNs(), stacks == null ? null : new WaitDecoder(sink, stacks));
        this.counters = new Counters(object);
        this.filter = new CgroupFilter(object);
        this.lanes = mapLanes(hooks.laneRecords());
        this.rings = new RingBuffer[hooks.ringCount()];
        BpfMap map = object.loadedMap("rings");
        for (int i = 0; i < rings.length; i++) {
            rings[i] = map.addRing(i, options.ringBytes(), object.arena());
        }
    }

    /**
     * Loads the programs that this host allows. Nothing runs before {@link #attach}.
     *
     * @throws HostException if this host cannot be traced; its message says why and what to do
     */
    public static Tracer load(TraceOptions options, EventSink sink) throws HostException {
        Hooks hooks;
        try {
            hooks = Hooks.load(options);
        } catch (UnsatisfiedLinkError noLibrary) {
            throw new HostException(String.valueOf(noLibrary.getMessage()));
        }
        try {
            return new Tracer(hooks, options, sink);
        } catch (BpfException refused) {
            hooks.object().close();
            throw HostException.of(refused);
        }
    }

    private Lane[] mapLanes(int records) throws BpfException {
        long size = laneBytes(records);
        int cpus = Trial.possibleCpus();
        MemorySegment memory = object.loadedMap("lanes").memory(size * cpus, object.arena());
        Lane[] mapped = new Lane[cpus];
        for (int cpu = 0; cpu < cpus; cpu++) {
            mapped[cpu] = new Lane(memory.asSlice(cpu * size, size), hooks.seesWaits());
        }
        return mapped;
    }

    static long laneBytes(int records) {
        return Records.LANE_RECORDS + (long) records * Records.WRITE_SIZE;
    }

    /** Which cgroups are traced, if the options ask for a choice. */
    public CgroupFilter filter() {
        return filter;
    }

    /** What is seen of each operation, and how. */
    public List<Coverage> coverage() {
        return hooks.coverage();
    }

    /** From now on events come. */
    public void attach() throws HostException {
        if (stacks != null && !stacks.areReadable()) {
            hooks.missesCauses();
        }
        try {
            hooks.attach();
        } catch (BpfException refused) {
            throw HostException.of(refused);
        }
    }

    /** From now on no more events come; those that wait can still be drained. */
    public void detach() {
        object.detach();
    }

    /** Makes the calling thread the one that drains: it will run before others. Threads it starts inherit that. */
    public void drainHere() {
        Priority.runFirst();
    }

    /** Hands all waiting events to the sink; returns how many records that were. */
    public int drain() {
        int records = 0;
        for (Lane lane : lanes) {
            records += lane.drain(sink);
        }
        for (RingBuffer ring : rings) {
            records += ring.drain(decoder);
        }
        return records;
    }

    /** What could not be counted since the start. */
    public Losses losses() {
        if (closed) {
            return finalLosses;
        }
        long fsync = 0;
        long write = 0;
        long block = decoder.foreign();
        for (Lane lane : lanes) {
            fsync += lane.lostFsync();
            write += lane.lostWrite();
            block += lane.lostBlock();
        }
        long activity = counters.lostActivity() + decoder.activities().neverSeen();
        return new Losses(fsync, write, block, counters.lostParts(), activity)
                .plus(missed(object.missedRuns(), covers(Operation.WRITE), covers(Operation.FSYNC)));
    }

    /** @param missedRuns by program */
    static Losses missed(Map<String, Long> missedRuns, boolean writes, boolean syncs) {
        long fsync = 0;
        long write = 0;
        long block = 0;
        long parts = 0;
        for (Map.Entry<String, Long> missed : missedRuns.entrySet()) {
            String program = missed.getKey();
            long runs = missed.getValue();
            // What a program that sees all system calls was skipped for is not known: either may lack as many.
            boolean either = program.startsWith("sys_enter") || program.startsWith("sys_exit");
            block += program.startsWith("block") ? runs : 0;
            write += writes && (either || program.contains("write")) ? runs : 0;
            fsync += syncs && (either || program.contains("sync") || program.startsWith("ext4")) ? runs : 0;
            // A sleep that was not seen is taken for running.
            boolean waits = program.startsWith("switch") || program.startsWith("waking") || program.contains("commit");
            parts += waits ? runs : 0;
        }
        return new Losses(fsync, write, block, parts, 0);
    }

    private boolean covers(Operation operation) {
        return coverage().stream().anyMatch(covered -> covered.operation() == operation);
    }

    /**
     * What each process did to each file since the start. What has not been active for longest makes room
     * when there are too many, and begins anew when it comes again. Belongs to the thread that drains.
     *
     * @return empty where it was not asked for waits
     */
    public List<ActivityRecord> activity() {
        if (closed || stacks == null) {
            return List.of();
        }
        try {
            return decoder.activities().read(object.loadedMap("activities"), counters.begunActivity());
        } catch (BpfException unreadable) {
            return List.of(); // a kernel before 5.6
        }
    }

    /** Detaches and unloads everything. For the last events: detach, drain, close. */
    @Override
    public void close() {
        if (!closed) {
            finalLosses = losses();
            closed = true;
            object.close();
            if (stacks != null) {
                stacks.close();
            }
        }
    }
}
