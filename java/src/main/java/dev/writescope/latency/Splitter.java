package dev.writescope.latency;

import dev.writescope.probe.CommitRecord;
import dev.writescope.probe.RequestRecord;
import dev.writescope.probe.Stage;
import dev.writescope.probe.Wait;
import dev.writescope.probe.WaitRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes the time of one operation apart, by what is known of the commits and requests it waited for. The parts add up to
 * its latency, whatever the record says. Belongs to the recording thread.
 */
final class Splitter {
    /** What is waited for ends before the wait does; two CPUs may see that in another order by this much. */
    static final long SLACK_NS = 20_000;
    /** Requests looked at for one wait: as many as a saturated disk completes in seconds. */
    static final int MOST_LOOKED_AT = 1 << 14;

    private final Requests requests;
    private final Commits commits;
    private final Owners owners;
    private final Sharing sharing;
    private final Parts parts = new Parts();
    private WaitRecord operation = new WaitRecord(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
    private int device;
    private boolean ownersKnown;

    Splitter(Requests requests, Commits commits, Owners owners, Sharing sharing) {
        this.requests = requests;
        this.commits = commits;
        this.owners = owners;
        this.sharing = sharing;
    }

    /** The parts are valid until the next call. */
    Parts split(WaitRecord record) {
        parts.clear();
        operation = record;
        device = record.realDevice() != 0 ? record.realDevice() : record.device();
        ownersKnown = false;
        long left = Math.max(0, record.latencyNs());
        for (Wait wait : record.waits()) {
            long ns = Math.clamp(wait.ns(), 0, left);
            if (ns > 0) {
                split(wait.cause(), wait.endNs() - ns, wait.endNs());
                left -= ns;
            }
        }
        long runnable = Math.clamp(record.runnableNs(), 0, left);
        parts.add(Stage.RUNNABLE, runnable);
        parts.add(Stage.RUNNING, left - runnable);
        return parts;
    }

    private void split(Wait.Cause cause, long from, long to) {
        switch (cause) {
            case DATA -> data(from, to);
            case COMMIT -> commit(from, to);
            case REQUEST -> onDisk(Stage.QUEUE, device, from, to);
            case FLUSH -> flush(from, to);
            case JOURNAL -> parts.add(Stage.JOURNAL, to - from);
            case LOCK -> parts.add(Stage.LOCK, to - from);
            case DIRTY_THROTTLED -> parts.add(Stage.DIRTY_THROTTLED, to - from);
            case COPY_UP -> parts.add(Stage.COPY_UP, to - from);
            case READ -> parts.add(Stage.READ, to - from);
            case SERVER -> parts.add(Stage.SERVER, to - from);
            case OTHER -> parts.add(Stage.OTHER, to - from);
        }
    }

    private void onDisk(Stage stage, int where, long from, long to) {
        if (to > from) {
            parts.add(stage, to - from);
            sharing.device(operation, where, from, to);
        }
    }

    private void commit(long from, long to) {
        CommitRecord commit = commits.lastEnded(device, from, to + SLACK_NS);
        if (commit == null) {
            parts.add(Stage.COMMIT, to - from);
            return;
        }
        long start = Math.clamp(commit.startNs(), from, to);
        long flushing = Math.clamp(commit.flushingNs(), from, to);
        long logging = Math.clamp(commit.loggingNs(), from, to);
        long end = Math.clamp(commit.endNs(), from, to);
        if (start > from) {
            parts.add(Stage.COMMIT_QUEUE, start - from);
            CommitRecord earlier = commits.lastEnded(device, from, commit.startNs());
            if (earlier != null) {
                sharing.commit(operation, device, earlier.flushingNs(), earlier.loggingNs(), start - from);
            } else {
                sharing.commit(operation, device, 0, 0, start - from);
            }
        }
        parts.add(Stage.COMMIT_LOCKED, flushing - start);
        if (logging > flushing) {
            parts.add(Stage.COMMIT_DATA, logging - flushing);
            sharing.commit(operation, device, flushing, logging, logging - flushing);
        }
        onDisk(Stage.COMMIT_LOG, device, logging, end);
        parts.add(Stage.OTHER, to - end);
    }

    /** What its own limit holds back is not a request yet, a flush neither: the disk is not to blame until it is one. */
    private void flush(long from, long to) {
        RequestRecord own = ownFlush(from, to);
        long start = own == null ? from : Math.clamp(own.startNs(), from, to);
        if (start - from <= SLACK_NS) {
            start = from;
        }
        parts.add(Stage.THROTTLED, start - from);
        onDisk(Stage.FLUSH, device, start, to);
    }

    /** The last that ended within the wait. */
    private @Nullable RequestRecord ownFlush(long from, long to) {
        History<RequestRecord> history = requests.flushes(device);
        if (history == null) {
            return null;
        }
        knowOwners();
        int ended = history.endedBy(to + SLACK_NS);
        for (int at = ended - 1; at >= Math.max(0, ended - MOST_LOOKED_AT); at--) {
            RequestRecord request = history.get(at);
            if (request.endNs() <= from) {
                return null;
            }
            if (owners.of(request.cgroup()) == Owners.Owner.SELF && requests.isFor(request, device)) {
                return request;
            }
        }
        return null;
    }

    private void knowOwners() {
        if (!ownersKnown) {
            owners.waits(operation.cgroup());
            ownersKnown = true;
        }
    }

    /** By its own requests; where it has none, as buffered writes on hosts that charge nobody, by those of nobody. */
    private void data(long from, long to) {
        knowOwners();
        if (!data(Owners.Owner.SELF, from, to) && !data(Owners.Owner.NOBODY, from, to)) {
            parts.add(Stage.WRITEBACK, to - from);
        }
    }

    private boolean data(Owners.Owner owner, long from, long to) {
        History<RequestRecord> history = null;
        int critical = -1;
        for (History<RequestRecord> each : requests.serving(device)) {
            int ended = each.endedBy(to + SLACK_NS);
            int found = previous(each, ended, Math.max(0, ended - MOST_LOOKED_AT), owner, from);
            if (found >= 0
                    && (history == null
                            || each.get(found).endNs() > history.get(critical).endNs())) {
                history = each;
                critical = found;
            }
        }
        if (history == null) {
            return false;
        }
        long end = history.get(critical).endNs();
        long until = to - end <= SLACK_NS ? to : end;
        parts.add(Stage.WRITEBACK, to - until);
        backwards(history, critical, owner, from, until);
        return true;
    }

    /**
     * From the request that ended the wait back to its begin: while one of its own was in flight, it was in that one's
     * queue or on its device; while none was, it was held back.
     */
    private void backwards(History<RequestRecord> history, int critical, Owners.Owner owner, long from, long to) {
        int lowest = Math.max(0, critical - MOST_LOOKED_AT);
        int where = history.get(critical).device();
        long until = to;
        for (int at = critical; at >= 0 && until > from; at = previous(history, at, lowest, owner, from)) {
            RequestRecord request = history.get(at);
            if (request.startNs() >= until) {
                continue;
            }
            long end = until - request.endNs() <= SLACK_NS ? until : request.endNs();
            heldBack(owner, end, until);
            long start = Math.clamp(request.startNs(), from, end);
            // One whose hand-over is not known counts as handed over at once.
            long issue = request.issueNs() == 0 ? start : Math.clamp(request.issueNs(), start, end);
            onDisk(Stage.DEVICE, where, issue, end);
            onDisk(Stage.QUEUE, where, start, issue);
            until = start;
        }
        boolean known = history.get(lowest).endNs() <= from || (lowest == 0 && !history.isCut());
        heldBack(known ? owner : Owners.Owner.NOBODY, from, until);
    }

    /** Only of its own requests it is known that there were none. Nobody holds the disk from one that is held back. */
    private void heldBack(Owners.Owner owner, long from, long to) {
        parts.add(owner == Owners.Owner.SELF ? Stage.THROTTLED : Stage.WRITEBACK, to - from);
    }

    /** The last of an owner below a place in the history that ended after a time; -1 for none. */
    private int previous(History<RequestRecord> history, int below, int lowest, Owners.Owner wanted, long afterNs) {
        for (int at = below - 1; at >= lowest; at--) {
            RequestRecord request = history.get(at);
            if (request.endNs() <= afterNs) {
                return -1;
            }
            if (request.bytes() > 0 && owners.of(request.cgroup()) == wanted && requests.isFor(request, device)) {
                return at;
            }
        }
        return -1;
    }
}
