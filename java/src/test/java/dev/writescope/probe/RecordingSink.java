package dev.writescope.probe;

import java.util.ArrayList;
import java.util.List;

/** Remembers what a decoder said. */
final class RecordingSink implements EventSink {
    record Operation(
            long cgroup, Kind kind, int device, int mount, int magic, long latencyNs, long bytes, boolean failed) {}

    record Block(long cgroup, Kind kind, Stage stage, int device, long latencyNs, long bytes, boolean failed) {}

    final List<Operation> operations = new ArrayList<>();
    final List<Block> blocks = new ArrayList<>();
    final List<SlowRecord> slow = new ArrayList<>();
    final List<WaitRecord> waits = new ArrayList<>();
    final List<CommitRecord> commits = new ArrayList<>();
    final List<RequestRecord> requests = new ArrayList<>();
    /** Of writes that never slept. */
    final List<Operation> ran = new ArrayList<>();

    long extraBlockBytes;

    @Override
    public void operation(
            long cgroup, int kind, int device, int mount, int magic, long latencyNs, long bytes, boolean failed) {
        operations.add(new Operation(cgroup, Kind.ofCode(kind), device, mount, magic, latencyNs, bytes, failed));
    }

    @Override
    public void block(long cgroup, int kind, int stage, int device, long latencyNs, long bytes, boolean failed) {
        blocks.add(new Block(cgroup, Kind.ofCode(kind), Stage.ofCode(stage), device, latencyNs, bytes, failed));
    }

    @Override
    public void blockBytes(long cgroup, int kind, int device, long bytes) {
        extraBlockBytes += bytes;
    }

    @Override
    public void slow(SlowRecord record) {
        slow.add(record);
    }

    @Override
    public void waited(WaitRecord record) {
        waits.add(record);
    }

    @Override
    public void commit(CommitRecord record) {
        commits.add(record);
    }

    @Override
    public void request(RequestRecord record) {
        requests.add(record);
    }

    @Override
    public void ran(long cgroup, int kind, int device, int mount, int magic, long latencyNs) {
        ran.add(new Operation(cgroup, Kind.ofCode(kind), device, mount, magic, latencyNs, 0, false));
    }
}
