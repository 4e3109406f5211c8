package dev.writescope.probe;

import java.util.List;
import java.util.Set;

/**
 * What to trace, fixed before the programs are loaded.
 *
 * @param selectContainers only cgroups put into the {@link CgroupFilter}; otherwise everything
 * @param slowNs details of operations that take at least this long; {@link Long#MAX_VALUE} for none
 * @param ringBytes size of each ring buffer, a power of two
 * @param laneRecords write records each CPU can hold, a power of two; 0 to choose by the number of CPUs
 * @param backends the kinds to try for syncs and writes, in order
 * @param waits whether what operations wait for is taken apart, and who does what is summed up; of what is not selected
 *     nothing is known, so that it takes a run without a choice to say whom somebody waits for
 */
public record TraceOptions(
        Set<Operation> operations,
        boolean selectContainers,
        long slowNs,
        int ringBytes,
        int laneRecords,
        List<Backend> backends,
        boolean waits) {
    public static final int DEFAULT_RING_BYTES = 1 << 20;

    public TraceOptions {
        operations = Set.copyOf(operations);
        backends = List.copyOf(backends);
    }

    public TraceOptions(
            Set<Operation> operations,
            boolean selectContainers,
            long slowNs,
            int ringBytes,
            int laneRecords,
            List<Backend> backends) {
        this(operations, selectContainers, slowNs, ringBytes, laneRecords, backends, false);
    }

    /** The same, with waits. */
    public TraceOptions withWaits() {
        return new TraceOptions(operations, selectContainers, slowNs, ringBytes, laneRecords, backends, true);
    }
}
