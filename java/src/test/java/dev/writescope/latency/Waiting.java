package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Mount;
import dev.writescope.probe.CommitRecord;
import dev.writescope.probe.Kind;
import dev.writescope.probe.RequestRecord;
import dev.writescope.probe.Stage;
import dev.writescope.probe.Wait;
import dev.writescope.probe.WaitRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A breakdown that is told what the kernel would tell; times are in ns and small. */
final class Waiting {
    static final int DISK = 8 << 20;
    static final int PARTITION = DISK | 1;
    static final int OTHER_PARTITION = DISK | 2;
    static final int OTHER_DISK = 259 << 20;
    static final int EXT4 = 0xEF53;
    static final long LATENCY = 1_000_003;
    /** When operations end. */
    static final long END = 7_000_000_000L;

    /** The ids of one container differ between the hierarchies. */
    static final long DB_TASK = 11;

    static final long DB_BLOCK = 23;
    static final long ETL_BLOCK = 29;
    static final long ROOT_BLOCK = 1;

    static final Names NAMES = new Names() {
        @Override
        public Container container(IdSpace space, long cgroup) {
            return switch ((int) cgroup) {
                case (int) DB_TASK -> space == IdSpace.TASK ? named("db") : named("another");
                case (int) DB_BLOCK -> space == IdSpace.BLOCK ? named("db") : named("another");
                case (int) ETL_BLOCK -> named("etl");
                case 0, 1 -> Container.UNATTRIBUTED;
                default -> named("c" + cgroup);
            };
        }

        @Override
        public @Nullable Mount mount(IdSpace space, long cgroup, int mount) {
            return null;
        }
    };

    final List<Map<Stage, Long>> operations = new ArrayList<>();
    final Breakdown breakdown;

    Waiting() {
        this(Path.of("/nowhere"));
    }

    /** @param sys says which disk partitions are of */
    Waiting(Path sys) {
        breakdown = new Breakdown(NAMES, new Disks(sys), (record, parts) -> operations.add(copy(parts)));
    }

    static Container named(String name) {
        return new Container(Container.Type.CONTAINER, name, "", "ctr", "", "", "", "", "");
    }

    private static Map<Stage, Long> copy(Parts parts) {
        Map<Stage, Long> copy = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            if (parts.of(stage) != 0) {
                copy.put(stage, parts.of(stage));
            }
        }
        return copy;
    }

    static Wait waited(Wait.Cause cause, long fromNs, long toNs) {
        return new Wait(cause, toNs - fromNs, toNs, 1);
    }

    static WaitRecord fsync(int device, long runnableNs, Wait... waits) {
        return fsync(LATENCY, device, runnableNs, List.of(waits));
    }

    static WaitRecord fsync(long latencyNs, int device, long runnableNs, List<Wait> waits) {
        return new WaitRecord(
                Kind.FSYNC.code(), DB_TASK, latencyNs, END, device, device, 61, EXT4, 101, 103, runnableNs, waits);
    }

    void write(long cgroup, int device, long startNs, long issueNs, long endNs) {
        breakdown.request(
                new RequestRecord(cgroup, Kind.BLOCK_WRITE.code(), device, startNs, issueNs, endNs, 4099, 8209));
    }

    void flush(long cgroup, int device, long startNs, long endNs) {
        breakdown.request(new RequestRecord(cgroup, Kind.BLOCK_FLUSH.code(), device, startNs, startNs, endNs, 0, 0));
    }

    void commit(int device, long startNs, long flushingNs, long loggingNs, long endNs) {
        breakdown.commit(new CommitRecord(device, 17, startNs, flushingNs, loggingNs, endNs));
    }

    /** The parts of one operation without those that took no time. */
    Map<Stage, Long> split(WaitRecord record) {
        operations.clear();
        breakdown.waited(record);
        breakdown.drained();
        breakdown.drained();
        return operations.getFirst();
    }
}
