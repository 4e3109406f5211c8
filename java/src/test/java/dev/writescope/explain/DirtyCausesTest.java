package dev.writescope.explain;

import static dev.writescope.explain.CausesTest.only;
import static dev.writescope.explain.Situation.DATA;
import static dev.writescope.explain.Situation.DB;
import static dev.writescope.explain.Situation.ETL;
import static dev.writescope.explain.Situation.MIB;
import static dev.writescope.explain.Situation.MS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence;
import dev.writescope.explain.Cause.Name;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Stage;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose memory, and whose limit, it is that writes are paused for. */
class DirtyCausesTest {
    private static Situation dirtyThrottled(Container writer) {
        Situation paused = Situation.calm()
                .load(0.99, 31, 53)
                .operations(
                        DB, Kind.BUFFERED, DATA, 997, 23 * MS, Map.of(Stage.DIRTY_THROTTLED, 0.93, Stage.RUNNING, 0.05))
                .activity(writer, "fio", "/data/heap", Kind.BUFFERED, DATA, 40_000, 2_600 * MIB);
        paused.dirty =
                new Evidence.DirtyMemory(790 * MIB, 70 * MIB, 1000 * MIB, 500 * MIB, Map.of("vm.dirty_ratio", "20"));
        return paused;
    }

    @Test
    void writes_are_paused_because_too_much_is_dirty() {
        Cause cause = only(dirtyThrottled(DB), Name.DIRTY_THROTTLING);
        assertThat(cause.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(cause.culprit()).isEmpty();
        assertThat(cause.remedies().getFirst().lines()).contains("# now: vm.dirty_ratio=20");
    }

    @Test
    void a_neighbour_dirties_too_much() {
        Cause cause = only(dirtyThrottled(ETL), Name.DIRTY_THROTTLING);
        assertThat(cause.culprit()).isEqualTo("batch/etl-7/etl");
        assertThat(cause.sentence()).contains("batch/etl-7/etl writes 91 MB/s");
    }

    @Test
    void pauses_without_much_dirty_on_the_host_are_a_limit_of_somebody_else() {
        Situation device = dirtyThrottled(DB);
        device.dirty = new Evidence.DirtyMemory(8 * MIB, 0, 1000 * MIB, 500 * MIB, Map.of());
        Cause cause = only(device, Name.DIRTY_THROTTLING);
        assertThat(cause.confidence()).isEqualTo(Confidence.PROBABLE);
        assertThat(cause.doubts().getFirst()).contains("the limit is the cgroup's memory or the device's own");
    }

    private static Cause pausedWith(String limit, long bytes) {
        Situation limited = dirtyThrottled(DB);
        limited.dirty = new Evidence.DirtyMemory(8 * MIB, 0, 1000 * MIB, 500 * MIB, Map.of("vm.dirty_ratio", "20"));
        limited.limits.add(new Evidence.IoLimit(DB, "", limit, bytes, "/sys/fs/cgroup/db/" + limit, -1));
        return only(limited, Name.DIRTY_THROTTLING);
    }

    @Test
    void a_memory_limit_lets_only_a_part_of_it_be_dirty() {
        Cause cause = pausedWith("memory.max", 70 * MIB);
        assertThat(cause.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(cause.sentence()).contains("its memory limit lets only 15 MB be dirty");
        assertThat(cause.evidence()).anyMatch(line -> line.contains("memory.max of its cgroup is 73 MB"));
        assertThat(cause.remedies().getFirst().lines())
                .contains("echo " + 140 * MIB + " > /sys/fs/cgroup/db/memory.max   # until it restarts");
        assertThat(cause.remedies())
                .noneMatch(remedy -> remedy.lines().toString().contains("sysctl"));
    }

    /** A fifth of 5000 MiB is what the host allows. */
    @Test
    void a_memory_limit_that_lets_as_much_be_dirty_as_the_host_is_none_of_dirty_memory() {
        assertThat(pausedWith("memory.high", 4999 * MIB).confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(pausedWith("memory.high", 5001 * MIB).confidence()).isEqualTo(Confidence.PROBABLE);
    }
}
