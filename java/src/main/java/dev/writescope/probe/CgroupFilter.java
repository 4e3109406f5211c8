package dev.writescope.probe;

import dev.writescope.bpf.BpfException;
import dev.writescope.bpf.BpfMap;
import dev.writescope.bpf.BpfObject;
import dev.writescope.bpf.Btf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The cgroups that are traced, for runs that do not trace everything; may change while tracing, from any thread. The
 * programs compare with the first few and look the rest up (bpf/select.h).
 */
public final class CgroupFilter {
    private static final int FEW = 4;
    /** For unused places: no cgroup has this id, while 0 means a request without an owner. */
    private static final long NOBODY = -1;

    private final MemorySegment variables;
    private final Space tasks;
    private final Space blocks;

    private final class Space {
        private final BpfMap map;
        private final long few;
        private final long more;
        private final Set<Long> ids = new LinkedHashSet<>();

        Space(BpfMap map, long few, long more) {
            this.map = map;
            this.few = few;
            this.more = more;
            publish();
        }

        void add(long id) throws BpfException {
            if (ids.add(id)) {
                map.put(id, (byte) 1);
                publish();
            }
        }

        void remove(long id) {
            if (ids.remove(id)) {
                publish();
                map.remove(id);
            }
        }

        private void publish() {
            variables.set(ValueLayout.JAVA_BYTE, more, (byte) (ids.size() > FEW ? 1 : 0));
            var first = ids.iterator();
            for (int place = 0; place < FEW; place++) {
                variables.set(ValueLayout.JAVA_LONG, few + 8L * place, first.hasNext() ? first.next() : NOBODY);
            }
        }
    }

    CgroupFilter(BpfObject object) throws BpfException {
        variables = object.variables(".bss");
        Map<String, Btf.Slot> slots = object.btf().variables(".bss");
        long few = slot(slots, "selected_few").offset();
        long more = slot(slots, "selected_more").offset();
        tasks = new Space(object.loadedMap("selected_tasks"), few, more);
        blocks = new Space(object.loadedMap("selected_blocks"), few + 8L * FEW, more + 1);
    }

    private static Btf.Slot slot(Map<String, Btf.Slot> slots, String name) {
        Btf.Slot slot = slots.get(name);
        if (slot == null) {
            throw new IllegalStateException("the BPF programs have no variable " + name);
        }
        return slot;
    }

    /** Traces the syncs and writes of a cgroup, by its id in the default hierarchy. */
    public synchronized void addTasks(long cgroup) throws BpfException {
        tasks.add(cgroup);
    }

    /** Traces the block requests of a cgroup, by its id in the io controller's hierarchy; 0 for those of nobody. */
    public synchronized void addBlocks(long cgroup) throws BpfException {
        blocks.add(cgroup);
    }

    public synchronized void removeTasks(long cgroup) {
        tasks.remove(cgroup);
    }

    public synchronized void removeBlocks(long cgroup) {
        blocks.remove(cgroup);
    }
}
