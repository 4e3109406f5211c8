package dev.writescope.latency;

import dev.writescope.probe.CommitRecord;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The newest commits of each journal. Bounded; belongs to the recording thread. */
final class Commits {
    static final int MOST_PER_JOURNAL = 1 << 12;
    private static final int MOST_JOURNALS = 256;

    private final Map<Integer, History<CommitRecord>> journals = new HashMap<>();
    private int lastDevice;
    private @Nullable History<CommitRecord> last;

    /** One whose phases are not in order says nothing. */
    void add(CommitRecord commit) {
        if (commit.startNs() > commit.flushingNs()
                || commit.flushingNs() > commit.loggingNs()
                || commit.loggingNs() > commit.endNs()) {
            return;
        }
        History<CommitRecord> history = journals.get(commit.device());
        if (history == null) {
            if (journals.size() == MOST_JOURNALS) {
                return;
            }
            history = new History<>(MOST_PER_JOURNAL, CommitRecord::endNs);
            journals.put(commit.device(), history);
            last = journals.get(lastDevice);
        }
        history.add(commit);
    }

    /** The last commit of a device that ended after one time and by another; null if none is known. */
    @Nullable
    CommitRecord lastEnded(int device, long afterNs, long byNs) {
        History<CommitRecord> history = device == lastDevice ? last : journals.get(device);
        lastDevice = device;
        last = history;
        int count = history == null ? 0 : history.endedBy(byNs);
        if (history == null || count == 0) {
            return null;
        }
        CommitRecord last = history.get(count - 1);
        return last.endNs() > afterNs ? last : null;
    }
}
