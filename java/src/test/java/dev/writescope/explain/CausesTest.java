package dev.writescope.explain;

import static dev.writescope.explain.Situation.DATA;
import static dev.writescope.explain.Situation.DB;
import static dev.writescope.explain.Situation.DISK;
import static dev.writescope.explain.Situation.ETL;
import static dev.writescope.explain.Situation.LAYER;
import static dev.writescope.explain.Situation.MIB;
import static dev.writescope.explain.Situation.MS;
import static dev.writescope.explain.Situation.SECONDS;
import static dev.writescope.explain.Situation.SHIM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence;
import dev.writescope.explain.Cause.Name;
import dev.writescope.latency.Share;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each situation has one cause, which is found, and nothing beside it that would be as good an explanation. */
class CausesTest {
    private static final Map<Stage, Double> QUIET =
            Map.of(Stage.RUNNING, 0.05, Stage.DEVICE, 0.45, Stage.COMMIT_LOG, 0.3, Stage.FLUSH, 0.15);

    /** 53 syncs a second of 2 ms, as of a small database on a disk of its own. */
    static Situation healthy() {
        return Situation.calm()
                .syncs(53 * SECONDS, 2 * MS, QUIET)
                .operations(DB, Kind.BUFFERED, DATA, 53 * SECONDS, 23_000, Map.of(Stage.RUNNING, 0.97))
                .held(Operation.FSYNC, Share.Resource.DEVICE, DB, 900 * MS)
                .held(Operation.FSYNC, Share.Resource.DEVICE, Container.UNATTRIBUTED, 500 * MS)
                .held(Operation.FSYNC, Share.Resource.COMMIT, DB, 700 * MS)
                .activity(DB, "postgres", "/data/wal", Kind.FSYNC, DATA, 53 * SECONDS, 0)
                .activity(DB, "postgres", "/data/wal", Kind.BUFFERED, DATA, 53 * SECONDS, 53L * SECONDS * 4096);
    }

    private static Situation slow(Map<Stage, Double> parts) {
        return Situation.calm().syncs(10 * SECONDS, 97 * MS, parts);
    }

    @Test
    void healthy_has_no_cause() {
        assertThat(healthy().causes()).isEmpty();
        assertThat(healthy().note().verdict()).isEqualTo(Explanation.Verdict.USUAL);
        assertThat(healthy().note().headline()).isEqualTo("shop/db-0/db: P99 of fsync is 2 ms. Nothing unusual found.");
    }

    @Test
    void healthy_on_a_slow_disk_has_no_cause() {
        Situation disk = Situation.calm().load(0.4, 0.9, 17, 19, true).syncs(5 * SECONDS, 61 * MS, QUIET);
        assertThat(disk.causes()).isEmpty();
        assertThat(disk.note().verdict()).isEqualTo(Explanation.Verdict.USUAL);
    }

    @Test
    void throttled_by_its_own_limit() {
        Situation limited = slow(Map.of(Stage.THROTTLED, 0.83, Stage.DEVICE, 0.1, Stage.RUNNING, 0.02));
        limited.limits.add(new Evidence.IoLimit(DB, DISK, "wiops", 23, "/sys/fs/cgroup/db/io.max", 2_300 * MS));
        Cause cause = only(limited, Name.OWN_LIMIT);
        assertThat(cause.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(cause.sentence()).contains("wiops of 23 requests/s on vdb (254:16)");
        assertThat(cause.share()).isBetween(0.82, 0.84);
        assertThat(cause.remedies().getFirst().lines())
                .containsExactly("echo '254:16 wiops=max' > /sys/fs/cgroup/db/io.max");
    }

    @Test
    void held_back_without_a_limit_that_is_seen_is_less_likely_its_own() {
        Situation limited = slow(Map.of(Stage.THROTTLED, 0.83));
        assertThat(only(limited, Name.OWN_LIMIT).confidence()).isEqualTo(Confidence.POSSIBLE);
        limited.missing.add("limits: needs CAP_DAC_READ_SEARCH");
        assertThat(only(limited, Name.OWN_LIMIT).confidence()).isEqualTo(Confidence.PROBABLE);
    }

    private static Situation neighbourOnDevice() {
        return slow(Map.of(Stage.QUEUE, 0.6, Stage.DEVICE, 0.3))
                .load(0.97, 7.3, 41)
                .held(Operation.FSYNC, Share.Resource.DEVICE, ETL, 21_000 * MS)
                .held(Operation.FSYNC, Share.Resource.DEVICE, DB, 3_000 * MS)
                .activity(ETL, "fio", "/data/export", Kind.DIRECT, DATA, 7_919, 7_919L * 131_072);
    }

    @Test
    void a_neighbour_saturates_the_device() {
        Cause cause = only(neighbourOnDevice(), Name.NEIGHBOUR_DEVICE);
        assertThat(cause.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(cause.culprit()).isEqualTo("batch/etl-7/etl");
        assertThat(cause.evidence()).anyMatch(line -> line.contains("fio[4211] writes /data/export at 35 MB/s"));
        assertThat(cause.remedies().getFirst().lines().getLast())
                .startsWith("echo '254:16 wbps=16777216' > \"${group:?}/io.max\"");
    }

    @Test
    void a_neighbour_is_less_likely_where_the_device_idles_or_nobody_knows() {
        assertThat(only(neighbourOnDevice().load(0.31, 0.7, 3), Name.NEIGHBOUR_DEVICE)
                        .confidence())
                .isEqualTo(Confidence.PROBABLE);
        Situation unknown = neighbourOnDevice();
        unknown.devices.clear();
        assertThat(only(unknown, Name.NEIGHBOUR_DEVICE).confidence()).isEqualTo(Confidence.PROBABLE);
    }

    @Test
    void a_neighbours_writeback_has_no_owner_in_cgroup_v1() {
        Situation hybrid = slow(Map.of(Stage.QUEUE, 0.6, Stage.DEVICE, 0.3))
                .load(0.97, 7.3, 41)
                .held(Operation.FSYNC, Share.Resource.DEVICE, Container.UNATTRIBUTED, 23_000 * MS)
                .activity(ETL, "dd", "/data/big", Kind.BUFFERED, DATA, 3_000, 3_000 * MIB)
                .activity(DB, "postgres", "/data/wal", Kind.BUFFERED, DATA, 300, 300 * 4096);
        hybrid.cgroupMode = "hybrid";
        Cause cause = only(hybrid, Name.NEIGHBOUR_DEVICE);
        assertThat(cause.confidence()).isEqualTo(Confidence.PROBABLE);
        assertThat(cause.culprit()).isEqualTo("batch/etl-7/etl");
        assertThat(cause.remedies().getFirst().price()).contains("cgroup v1 limits direct and synced writes only");
    }

    private static Situation sharedJournal() {
        return slow(Map.of(
                        Stage.COMMIT_DATA, 0.77, Stage.COMMIT_QUEUE, 0.1, Stage.COMMIT_LOG, 0.04, Stage.DEVICE, 0.03))
                .activity(ETL, "dd", "/data/dirty", Kind.BUFFERED, DATA, 3_000, 600 * MIB);
    }

    @Test
    void a_neighbours_data_is_in_the_commits_of_a_shared_journal() {
        Cause cause = only(
                sharedJournal().held(Operation.FSYNC, Share.Resource.COMMIT, ETL, 24_000 * MS), Name.NEIGHBOUR_JOURNAL);
        assertThat(cause.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(cause.culprit()).isEqualTo("batch/etl-7/etl");
        assertThat(cause.evidence()).anyMatch(line -> line.contains("ext4 is mounted with data=ordered"));
        assertThat(cause.remedies()).anySatisfy(remedy -> {
            assertThat(remedy.lines()).contains("tune2fs -o journal_data_writeback /dev/vdb");
            assertThat(remedy.lines().getFirst()).contains("a remount cannot change it");
            assertThat(remedy.lines()).anyMatch(line -> line.startsWith("umount --all-targets /dev/vdb "));
            assertThat(remedy.price()).contains("old data of other files");
        });
    }

    @Test
    void whose_data_is_in_the_commits_is_guessed_from_who_writes() {
        Cause cause = only(
                sharedJournal().held(Operation.FSYNC, Share.Resource.COMMIT, Container.UNATTRIBUTED, 24_000 * MS),
                Name.NEIGHBOUR_JOURNAL);
        assertThat(cause.confidence()).isEqualTo(Confidence.PROBABLE);
        assertThat(cause.culprit()).isEqualTo("batch/etl-7/etl");
    }

    @Test
    void a_neighbours_data_in_commits_without_ordered_data_is_doubtful() {
        Situation writeback = sharedJournal().held(Operation.FSYNC, Share.Resource.COMMIT, ETL, 24_000 * MS);
        writeback.fileSystems.set(0, Situation.fileSystem("data=writeback", 1000, 900, 1_000_000, 900_000));
        Cause cause = only(writeback, Name.NEIGHBOUR_JOURNAL);
        assertThat(cause.confidence()).isEqualTo(Confidence.PROBABLE);
        assertThat(cause.remedies()).noneMatch(remedy -> remedy.what().contains("data=writeback"));
    }

    @Test
    void an_fsync_storm_in_small_files() {
        Situation storm = Situation.calm()
                .syncs(211 * SECONDS, 13 * MS, QUIET)
                .operations(DB, Kind.BUFFERED, DATA, 211 * SECONDS, 23_000, Map.of(Stage.RUNNING, 0.97));
        for (int file = 0; file < 97; file++) {
            storm.activity(DB, "dd", "/data/queue/" + file, Kind.FSYNC, DATA, 1, 0);
        }
        storm.activity(DB, "fio", "/data/wal", Kind.FSYNC, DATA, 53, 0);
        Cause cause = only(storm, Name.FSYNC_STORM);
        assertThat(cause.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(cause.sentence()).contains("211/s");
        assertThat(cause.evidence()).anyMatch(line -> line.startsWith("97 of the 98 files"));
    }

    @Test
    void syncing_one_file_without_end_may_be_its_work() {
        Situation busy = Situation.calm()
                .syncs(307 * SECONDS, 3 * MS, QUIET)
                .activity(DB, "redis-server", "/data/appendonly.aof", Kind.FSYNC, DATA, 307 * SECONDS, 0);
        Cause cause = only(busy, Name.FSYNC_STORM);
        assertThat(cause.confidence()).isEqualTo(Confidence.POSSIBLE);
        assertThat(cause.remedies().getFirst().lines()).contains("redis-cli CONFIG SET appendfsync everysec");
    }

    @Test
    void writes_land_on_the_overlay_upperdir() {
        Situation layer = Situation.calm()
                .operations(DB, Kind.FSYNC, LAYER, 53 * SECONDS, 7 * MS, QUIET)
                .activity(DB, "fio", "/var/lib/app/wal", Kind.BUFFERED, LAYER, 53 * SECONDS, 53L * SECONDS * 4096);
        Cause cause = only(layer, Name.UPPERDIR);
        assertThat(cause.confidence()).isEqualTo(Confidence.PROBABLE);
        assertThat(cause.sentence()).contains("53/s syncs");
        assertThat(cause.remedies().getFirst().lines()).contains("- {name: db-data, mountPath: \"/var/lib/app\"}");
        assertThat(cause.remedies().get(1).lines()).contains("[plugins.\"io.containerd.snapshotter.v1.overlayfs\"]");
    }

    @Test
    void the_upperdir_is_likely_where_a_volume_is_faster() {
        Situation both = Situation.calm()
                .operations(DB, Kind.FSYNC, LAYER, 47 * SECONDS, 31 * MS, QUIET)
                .syncs(47 * SECONDS, 3 * MS, QUIET);
        Cause cause = only(both, Name.UPPERDIR);
        assertThat(cause.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(cause.share()).isBetween(0.88, 0.92);
    }

    @Test
    void a_large_file_is_copied_up() {
        Situation copied = Situation.calm()
                .operations(DB, Kind.COPY_UP, LAYER, 23, 700 * MS, Map.of(Stage.COPY_UP, 0.96, Stage.RUNNING, 0.02))
                .slow(Kind.COPY_UP, "/large/17", 1_300 * MS, "copy_up");
        Cause cause = only(copied, Name.COPY_UP);
        assertThat(cause.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(cause.sentence()).contains("/large/17");
        assertThat(cause.share()).isEqualTo(1);
    }

    @Test
    void a_copy_that_nobody_timed_shows_in_the_requests() {
        Situation copied = healthy().syncs(97, 23 * MS, QUIET).requests(DB, Kind.BLOCK_WRITE, 997, MS, MIB, 0);
        copied.mounts.removeIf(mount -> mount.mount().fstype().equals("overlay"));
        copied.mounts.add(Situation.mount(DB, LAYER, "rw", "/data/upper", DISK));
        assertThat(only(copied, Name.COPY_UP).confidence()).isEqualTo(Confidence.POSSIBLE);
    }

    static Situation slowFlush(double flushMs) {
        return Situation.calm()
                .load(0.7, 0.8, 2, flushMs, true)
                .syncs(30 * SECONDS, 29 * MS, Map.of(Stage.FLUSH, 0.8, Stage.DEVICE, 0.1, Stage.RUNNING, 0.03));
    }

    @Test
    void flushes_are_slow() {
        Cause cause = only(slowFlush(23), Name.SLOW_FLUSH);
        assertThat(cause.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(cause.sentence()).contains("takes 23 ms to empty its write cache");
    }

    @Test
    void a_commit_record_that_carries_the_flush_is_no_plain_write() {
        Situation journal = Situation.calm()
                .load(0.99, 2, 16, 23, false)
                .syncs(20 * SECONDS, 48 * MS, Map.of(Stage.COMMIT_LOG, 0.97, Stage.RUNNING, 0.01))
                .requests(DB, Kind.BLOCK_WRITE, 20 * SECONDS, MS / 3, 4096, 0)
                .requests(Container.UNATTRIBUTED, Kind.BLOCK_WRITE, 20 * SECONDS, 46 * MS, 4096, 0);
        assertThat(only(journal, Name.SLOW_FLUSH).confidence()).isEqualTo(Confidence.PROBABLE);
    }

    @Test
    void copies_that_are_synced_are_no_storm() {
        Situation copied = Situation.calm()
                .syncs(53 * SECONDS, 13 * MS, QUIET)
                .operations(DB, Kind.FSYNC, LAYER, 20, 184 * MS, Map.of(Stage.COPY_UP, 0.99))
                .activity(DB, "fio", "/data/wal", Kind.FSYNC, DATA, 53 * SECONDS, 0);
        for (int file = 0; file < 20; file++) {
            copied.activity(DB, "bash", "/layers/7/index/#" + file, Kind.FSYNC, LAYER, 1, 0);
        }
        assertThat(copied.names()).containsExactly(Name.COPY_UP);
    }

    private static Situation shimLogs(String log) {
        return slow(Map.of(Stage.COMMIT_DATA, 0.7, Stage.COMMIT_LOG, 0.1, Stage.DEVICE, 0.1))
                .held(Operation.FSYNC, Share.Resource.COMMIT, Container.UNATTRIBUTED, 20_000 * MS)
                .activity(SHIM, "containerd-shim", log, Kind.BUFFERED, DATA, 9_000, 500 * MIB)
                .activity(DB, "postgres", "/data/wal", Kind.BUFFERED, DATA, 300, 300 * 4096);
    }

    @Test
    void the_runtimes_shim_writes_a_log_beside_it() {
        Cause cause = only(shimLogs("/var/log/pods/batch_etl-7_0aff/etl/0.log"), Name.RUNTIME_LOG);
        assertThat(cause.culprit()).isEqualTo("containerd-shim");
        assertThat(cause.sentence()).contains("of batch/etl-7/etl at 17 MB/s");
        assertThat(cause.remedies().getFirst().lines())
                .anyMatch(line -> line.startsWith("containerLogMaxSize: "))
                .noneMatch(line -> line.contains("docker"));
    }

    @Test
    void a_log_of_docker_names_its_container() {
        Situation docker = shimLogs("/var/lib/docker/containers/" + ETL.id() + "/" + ETL.id() + "-json.log")
                .operations(ETL, Kind.FSYNC, DATA, 1, MS, Map.of());
        assertThat(LogFiles.container(docker.observed(), "/c/" + "ab".repeat(32) + "/" + "ab".repeat(32) + "-json.log"))
                .isEqualTo("abababababab");
        assertThat(LogFiles.container(docker.observed(), "/x/etl.log")).isEqualTo("batch/etl-7/etl");
    }

    @Test
    void a_host_process_that_logs_nothing_is_told_as_such() {
        Situation backup = slow(Map.of(Stage.QUEUE, 0.6, Stage.DEVICE, 0.3))
                .load(0.97, 7.3, 41)
                .held(Operation.FSYNC, Share.Resource.DEVICE, Container.host("backup.service"), 21_000 * MS)
                .activity(Container.host("backup.service"), "tar", "/srv/a.tar", Kind.DIRECT, DATA, 997, 997 * MIB);
        Cause cause = only(backup, Name.HOST_DEVICE);
        assertThat(cause.culprit()).isEqualTo("tar");
    }

    @Test
    void it_waits_for_a_cpu() {
        assertThat(only(slow(Map.of(Stage.RUNNABLE, 0.8, Stage.RUNNING, 0.1)), Name.CPU)
                        .share())
                .isBetween(0.79, 0.81);
    }

    @Test
    void its_threads_wait_for_each_others_locks() {
        only(slow(Map.of(Stage.LOCK, 0.8, Stage.RUNNING, 0.1)), Name.LOCK);
    }

    @Test
    void the_journal_is_full() {
        only(slow(Map.of(Stage.JOURNAL, 0.8, Stage.RUNNING, 0.1)), Name.JOURNAL_FULL);
    }

    @Test
    void a_file_system_in_user_space_answers_late() {
        only(slow(Map.of(Stage.SERVER, 0.8, Stage.RUNNING, 0.1)), Name.FUSE_SERVER);
    }

    @Test
    void data_is_read_before_it_is_written() {
        only(slow(Map.of(Stage.READ, 0.8, Stage.RUNNING, 0.1)), Name.READS_FIRST);
    }

    @Test
    void it_saturates_the_device_itself() {
        Situation own = Situation.calm()
                .load(0.99, 31, 53)
                .operations(DB, Kind.DIRECT, DATA, 9_001, 53 * MS, Map.of(Stage.QUEUE, 0.7, Stage.DEVICE, 0.28))
                .held(Operation.WRITE, Share.Resource.DEVICE, DB, 400_000 * MS);
        assertThat(only(own, Name.SATURATES_ITSELF).confidence()).isEqualTo(Confidence.PROBABLE);
    }

    @Test
    void the_device_is_slow_by_itself() {
        Situation cloud = slow(Map.of(Stage.DEVICE, 0.9, Stage.RUNNING, 0.02)).load(0.6, 0.9, 47);
        assertThat(only(cloud, Name.SLOW_DEVICE).confidence()).isEqualTo(Confidence.PROBABLE);
    }

    @Test
    void reading_writes_where_times_of_access_are_strict() {
        Situation strict = slow(Map.of(Stage.COMMIT_LOG, 0.8, Stage.RUNNING, 0.1));
        strict.mounts.set(0, Situation.mount(DB, DATA, "rw", "", DISK));
        strict.cgroups.add(new Evidence.CgroupIo(DB, DISK, 900 * MIB, MIB, 9_001, 300));
        Cause cause = only(strict, Name.ATIME);
        assertThat(cause.remedies().getFirst().price()).contains("usually small");
        strict.mounts.set(0, Situation.mount(DB, DATA, "rw,relatime", "", DISK));
        assertThat(strict.causes()).isEmpty();
    }

    @Test
    void what_is_unusual_and_has_no_cause_is_not_called_healthy() {
        Situation unknown = slow(Map.of());
        assertThat(unknown.causes()).isEmpty();
        assertThat(unknown.note().verdict()).isEqualTo(Explanation.Verdict.UNEXPLAINED);
        assertThat(unknown.note().unseen()).contains("where the time goes: waits were not taken apart");
    }

    /** The only cause found. */
    static Cause only(Situation situation, Name name) {
        assertThat(situation.names()).containsExactly(name);
        return situation.causes().getFirst();
    }
}
