package dev.writescope.explain;

import static dev.writescope.explain.Situation.DATA;
import static dev.writescope.explain.Situation.DB;
import static dev.writescope.explain.Situation.DISK;
import static dev.writescope.explain.Situation.ETL;
import static dev.writescope.explain.Situation.LAYER;
import static dev.writescope.explain.Situation.MIB;
import static dev.writescope.explain.Situation.MS;
import static dev.writescope.explain.Situation.ROOT_DISK;
import static dev.writescope.explain.Situation.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.evidence.Evidence;
import dev.writescope.explain.Cause.Name;
import dev.writescope.latency.Place;
import dev.writescope.latency.Share;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What looks like a cause, or like none, and is not. */
class NotToBlameTest {
    private static final Place ROOT = new Place("ext4", ROOT_DISK, "/root", null);

    private static Situation slow(Map<Stage, Double> parts) {
        return Situation.calm().syncs(10 * SECONDS, 97 * MS, parts);
    }

    @Test
    void synchronous_writes_are_what_is_slow_where_their_sync_is_not_seen() {
        Situation direct = Situation.calm()
                .operations(DB, Kind.SYNCHRONOUS, DATA, 5 * SECONDS, 300 * MS, Map.of(Stage.THROTTLED, 0.9));
        assertThat(direct.names()).containsExactly(Name.OWN_LIMIT);
        direct.operations(DB, Kind.OSYNC, DATA, 5 * SECONDS, 290 * MS, Map.of(Stage.THROTTLED, 0.9));
        assertThat(direct.note().operation()).isEqualTo(Operation.FSYNC);
        assertThat(Explainer.explain(direct.observed(), key -> true).notes()).hasSize(1);
    }

    @Test
    void what_a_neighbour_writes_directly_is_in_no_commit() {
        Situation commits = slow(Map.of(Stage.COMMIT_DATA, 0.8))
                .held(Operation.FSYNC, Share.Resource.COMMIT, ETL, 25_000 * MS)
                .activity(ETL, "fio", "/data/table", Kind.DIRECT, DATA, 997, 997 * MIB);
        assertThat(commits.names()).doesNotContain(Name.NEIGHBOUR_JOURNAL);
        commits.activity(ETL, "dd", "/data/export", Kind.BUFFERED, DATA, 997, 997 * MIB);
        assertThat(commits.names()).contains(Name.NEIGHBOUR_JOURNAL);
    }

    @Test
    void a_neighbour_is_limited_on_the_device_it_holds() {
        Situation two = slow(Map.of(Stage.LOCK, 0.6, Stage.DEVICE, 0.35))
                .operations(DB, Kind.FSYNC, ROOT, 10 * SECONDS, 67 * MS, Map.of(Stage.DEVICE, 0.9))
                .activity(ETL, "fio", "/root/export", Kind.DIRECT, ROOT, 997, 997 * MIB);
        two.share(new Share(DB, Operation.FSYNC, Share.Resource.DEVICE, ROOT_DISK, ETL, 18_000 * MS));
        two.devices.add(new Evidence.DeviceLoad(
                ROOT_DISK, "vda", 0.97, 7, 0, 0, 123, 41, 5_000_000, 53, 1, false, "none", "write back"));
        Cause cause = two.causes().stream()
                .filter(each -> each.name() == Name.NEIGHBOUR_DEVICE)
                .findFirst()
                .orElseThrow();
        assertThat(cause.sentence()).contains("keeps vda (254:0) busy").contains("97 % utilised");
        assertThat(cause.remedies().getFirst().lines().getLast()).contains(ROOT_DISK + " wbps=");
    }

    private static Situation limited(String name, long value) {
        Situation limited = slow(Map.of(Stage.THROTTLED, 0.9));
        limited.limits.add(new Evidence.IoLimit(DB, DISK, name, value, "/sys/fs/cgroup/db/io.max", -1));
        limited.cgroups.add(new Evidence.CgroupIo(DB, DISK, 900 * MIB, 150L * MIB, 9_001, 600));
        return limited;
    }

    @Test
    void a_limit_of_reads_holds_no_write_back() {
        assertThat(limited("rbps", 5 * MIB).causes().getFirst().sentence()).doesNotContain("rbps");
        assertThat(limited("wbps", 5 * MIB).causes().getFirst().sentence()).contains("wbps of 5.2 MB/s");
    }

    @Test
    void a_limit_that_is_far_away_is_less_likely() {
        assertThat(limited("wbps", 5 * MIB).causes().getFirst().confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(limited("wbps", 50 * MIB).causes().getFirst().confidence()).isEqualTo(Confidence.PROBABLE);
        Situation both = limited("wbps", 50 * MIB);
        both.limits.add(new Evidence.IoLimit(DB, DISK, "wiops", 21, "/sys/fs/cgroup/db/io.max", -1));
        assertThat(both.causes().getFirst().sentence()).contains("wiops of 21 requests/s");
    }

    @Test
    void a_fast_layer_is_an_answer_only_where_much_time_goes_to_it() {
        assertThat(Situation.calm()
                        .operations(DB, Kind.FSYNC, LAYER, 49 * SECONDS, MS, Map.of())
                        .names())
                .isEmpty();
        assertThat(Situation.calm()
                        .operations(DB, Kind.FSYNC, LAYER, 51 * SECONDS, MS, Map.of())
                        .names())
                .containsExactly(Name.UPPERDIR);
    }

    @Test
    void many_requests_and_few_calls_of_a_container_that_waits_for_nothing_are_no_copies() {
        Situation calm = CausesTest.healthy().requests(DB, Kind.BLOCK_WRITE, 997, MS, MIB, 0);
        calm.mounts.removeIf(mount -> mount.mount().fstype().equals("overlay"));
        calm.mounts.add(Situation.mount(DB, LAYER, "rw", "/data/upper", DISK));
        assertThat(calm.causes()).isEmpty();
    }

    @Test
    void who_fills_the_hosts_memory_may_write_elsewhere() {
        Situation paused = Situation.calm()
                .operations(DB, Kind.BUFFERED, DATA, 997, 23 * MS, Map.of(Stage.DIRTY_THROTTLED, 0.93))
                .activity(DB, "app", "/data/log", Kind.BUFFERED, DATA, 30, 30 * MIB)
                .activity(ETL, "dd", "/root/heap", Kind.BUFFERED, ROOT, 2_600, 2_600 * MIB);
        paused.dirty = new Evidence.DirtyMemory(790 * MIB, 70 * MIB, 1000 * MIB, 500 * MIB, Map.of());
        Cause cause = paused.causes().getFirst();
        assertThat(cause.culprit()).isEqualTo("batch/etl-7/etl");
        assertThat(cause.sentence()).endsWith("to " + ROOT_DISK);
    }

    @Test
    void the_start_of_a_recording_says_nothing_of_how_busy_devices_were() {
        Situation cut = slow(Map.of(Stage.QUEUE, 0.6, Stage.DEVICE, 0.3))
                .load(0, 0, 0)
                .held(Operation.FSYNC, Share.Resource.DEVICE, ETL, 21_000 * MS)
                .activity(ETL, "fio", "/data/export", Kind.DIRECT, DATA, 7_919, 7_919L * 131_072);
        cut.evidenceOf = Duration.ZERO;
        Explanation note = cut.note();
        assertThat(note.facts()).noneMatch(fact -> fact.contains("busy") || fact.contains("journal"));
        assertThat(note.unseen()).anyMatch(line -> line.contains("the recording was cut short"));
        assertThat(note.causes().getFirst().doubts()).containsExactly("how busy the device was is not known");
    }

    @Test
    void what_is_set_on_the_disk_below_a_mapped_device_holds_for_it() {
        Situation mapped = limited("wiops", 23);
        mapped.limits.clear();
        mapped.limits.add(new Evidence.IoLimit(DB, "8:0", "wiops", 23, "/sys/fs/cgroup/db/io.max", -1));
        mapped.devices.clear();
        mapped.devices.add(device("8:0", "sda", Map.of()));
        mapped.devices.add(device(DISK, "dm-0", Map.of()));
        mapped.devices.add(device("8:3", "sda3", Map.of()));
        assertThat(mapped.causes().getFirst().sentence()).doesNotContain("wiops");
        mapped.devices.set(1, device(DISK, "dm-0", Map.of("slaves", "8:18 8:3")));
        assertThat(mapped.causes().getFirst().sentence()).contains("wiops of 23 requests/s on sda (8:0)");
    }

    private static Evidence.DeviceLoad device(String number, String name, Map<String, String> queue) {
        return new Evidence.DeviceLoad(
                number, name, 0.1, 0.3, 0, 0, 123, 2, 5_000_000, 53, 1, false, "none", "write back", number, queue);
    }

    @Test
    void a_discard_that_is_refused_is_no_failing_device() {
        assertThat(CausesTest.healthy()
                        .requests(DB, Kind.BLOCK_DISCARD, 97, MS, 4096, 13)
                        .causes())
                .isEmpty();
    }
}
