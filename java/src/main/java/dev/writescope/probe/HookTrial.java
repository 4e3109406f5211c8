package dev.writescope.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What became of one kind of program on this host.
 *
 * @param operations what it was to see
 * @param refusal the kernel's reason; empty if it works
 * @param coverage what is seen with it; empty if it was refused
 */
public record HookTrial(Set<Operation> operations, Backend backend, String refusal, List<Coverage> coverage) {
    /** The operations that one program sees. */
    public static final Set<Operation> FILES = Set.of(Operation.FSYNC, Operation.WRITE);

    public static final Set<Operation> BLOCK = Set.of(Operation.BLOCK);

    public HookTrial {
        operations = Set.copyOf(operations);
        coverage = List.copyOf(coverage);
    }

    public boolean works() {
        return refusal.isEmpty();
    }

    /** Loads and attaches each kind for a moment; of those for the same operations, the best first. */
    public static List<HookTrial> all() {
        List<HookTrial> trials = new ArrayList<>();
        for (Backend backend : Backend.values()) {
            trials.add(Hooks.attempt(FILES, backend));
        }
        for (Backend backend : Hooks.BLOCK_BACKENDS) {
            trials.add(Hooks.attempt(BLOCK, backend));
        }
        return trials;
    }
}
