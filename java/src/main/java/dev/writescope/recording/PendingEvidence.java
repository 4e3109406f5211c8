package dev.writescope.recording;

import dev.writescope.evidence.Evidence;
import java.util.ArrayList;
import java.util.List;

/** Evidence whose elements are being read. */
final class PendingEvidence {
    private final Line.EvidenceOpened opened;
    private final List<Record> elements = new ArrayList<>();
    private final long memoryLimit;
    private long memory;

    PendingEvidence(Line.EvidenceOpened opened, long memoryLimit) {
        this.opened = opened;
        this.memoryLimit = memoryLimit;
    }

    boolean isComplete() {
        return elements.size() == opened.elements();
    }

    /** @param bytes what the element takes of memory, about */
    void add(Record element, long bytes) throws MalformedLineException {
        if (isComplete()) {
            throw new MalformedLineException("there is more evidence than the " + opened.elements() + " announced");
        }
        memory += bytes;
        if (memory > memoryLimit) {
            throw new MalformedLineException("the evidence does not fit into memory: give Java more with -Xmx");
        }
        elements.add(element);
    }

    Evidence evidence() {
        Evidence head = opened.head();
        return new Evidence(
                head.start(),
                head.duration(),
                all(Evidence.DeviceLoad.class),
                all(Evidence.FileSystemFacts.class),
                all(Evidence.MountFacts.class),
                all(Evidence.IoLimit.class),
                all(Evidence.Pressure.class),
                all(Evidence.CgroupIo.class),
                all(Evidence.ProcessIo.class),
                all(Evidence.DeletedFile.class),
                all(Evidence.UpperDirectory.class),
                all(Evidence.KernelMessage.class),
                head.dirty(),
                head.missing());
    }

    private <T> List<T> all(Class<T> type) {
        return elements.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
