package dev.writescope.explain;

import dev.writescope.evidence.Evidence.DirtyMemory;
import dev.writescope.evidence.Evidence.IoLimit;
import java.util.Comparator;
import java.util.Optional;

/**
 * The tightest memory limit of a container where the kernel writes out by cgroup: the same part of it may be dirty as of
 * the host's memory.
 *
 * @param mayBeDirty bytes, at most: what the cgroup uses otherwise cannot be dirty
 */
record MemoryLimit(IoLimit limit, long percent, long mayBeDirty) {
    /** None where the limit lets more be dirty than the host does. */
    static Optional<MemoryLimit> of(Victim victim) {
        DirtyMemory dirty = victim.evidence().dirty();
        long percent = percent(dirty.settings().getOrDefault("vm.dirty_ratio", ""));
        return victim.evidence().limits().stream()
                .filter(each -> each.container().equals(victim.container())
                        && each.name().startsWith("memory."))
                .min(Comparator.comparingLong(IoLimit::value))
                .map(each -> new MemoryLimit(each, percent, each.value() / 100 * percent))
                .filter(each -> percent > 0 && each.mayBeDirty < dirty.thresholdBytes());
    }

    /** 0 where it is set in bytes, or not known: then the part depends on what is free. */
    private static long percent(String ratio) {
        return ratio.matches("\\d{1,2}|100") ? Long.parseLong(ratio) : 0;
    }

    String shown() {
        return limit.name() + " of its cgroup is " + Words.bytes(limit.value()) + ", of which vm.dirty_ratio lets "
                + percent + " % be dirty, " + Words.bytes(mayBeDirty);
    }
}
