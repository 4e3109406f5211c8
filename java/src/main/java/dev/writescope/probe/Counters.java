package dev.writescope.probe;

import dev.writescope.bpf.BpfException;
import dev.writescope.bpf.BpfObject;
import dev.writescope.bpf.Btf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/** What the programs count beside the lanes (variables of bpf/waits.h and others). */
final class Counters {
    private final MemorySegment variables;
    private final Map<String, Btf.Slot> slots;

    Counters(BpfObject object) throws BpfException {
        variables = object.variables(".bss");
        slots = object.btf().variables(".bss");
    }

    private long value(String name) {
        Btf.Slot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalStateException("the BPF programs have no variable " + name);
        }
        return variables.get(ValueLayout.JAVA_LONG, slot.offset());
    }

    long lostParts() {
        return value("lost_parts");
    }

    long lostActivity() {
        return value("lost_activity");
    }

    long begunActivity() {
        return value("begun_activity");
    }
}
