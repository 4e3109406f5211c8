package dev.writescope.latency;

import dev.writescope.probe.CommitRecord;
import dev.writescope.probe.RequestRecord;
import dev.writescope.probe.WaitRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Takes operations apart when what they waited for is known. Records come from several rings, and a drain goes through
 * them one by one: what an operation waited for may be in a ring that was drained before the operation came, and is then
 * in the next drain. Belongs to the recording thread.
 */
final class Breakdown {
    private final Requests requests;
    private final Commits commits = new Commits();
    private final Sharing sharing;
    private final Splitter splitter;
    private final BiConsumer<WaitRecord, Parts> taker;
    private List<WaitRecord> fresh = new ArrayList<>();
    private List<WaitRecord> held = new ArrayList<>();

    /** @param taker gets the parts of each operation, which are valid during the call only */
    Breakdown(Names names, Disks disks, BiConsumer<WaitRecord, Parts> taker) {
        requests = new Requests(disks);
        sharing = new Sharing(names, disks);
        splitter = new Splitter(requests, commits, new Owners(names), sharing);
        this.taker = taker;
    }

    void waited(WaitRecord record) {
        fresh.add(record);
    }

    void commit(CommitRecord record) {
        commits.add(record);
    }

    void request(RequestRecord record) {
        requests.add(record);
        sharing.request(record);
    }

    /** A drain has gone through all rings. */
    void drained() {
        settle(held);
        List<WaitRecord> empty = held;
        held = fresh;
        fresh = empty;
        sharing.divideOld();
    }

    /** The interval ends: takes apart all there is. */
    List<Share> end() {
        settle(held);
        settle(fresh);
        return sharing.take();
    }

    private void settle(List<WaitRecord> records) {
        for (WaitRecord record : records) {
            taker.accept(record, splitter.split(record));
        }
        records.clear();
    }
}
