package dev.writescope.explain;

import static dev.writescope.explain.Situation.DATA;
import static dev.writescope.explain.Situation.DB;
import static dev.writescope.explain.Situation.DISK;
import static dev.writescope.explain.Situation.ETL;
import static dev.writescope.explain.Situation.LAYER;
import static dev.writescope.explain.Situation.MIB;
import static dev.writescope.explain.Situation.MS;
import static dev.writescope.explain.Situation.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.evidence.Evidence;
import dev.writescope.explain.Cause.Name;
import dev.writescope.latency.Regression;
import dev.writescope.latency.Share;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each threshold from both of its sides. */
class ThresholdsTest {
    private static final Map<Stage, Double> NONE = Map.of();

    private static boolean unusual(Situation situation) {
        return !situation.note().unusual().isEmpty();
    }

    private static Situation syncs(int count, long ns) {
        return Situation.calm().syncs(count, ns, NONE);
    }

    @Test
    void a_sync_on_flash_is_slow_from_20_ms() {
        assertThat(unusual(syncs(97, 19 * MS))).isFalse();
        assertThat(unusual(syncs(97, 20 * MS))).isTrue();
    }

    @Test
    void a_sync_on_a_disk_or_nobody_knows_what_is_slow_from_100_ms() {
        assertThat(unusual(syncs(97, 99 * MS).load(0.1, 0.1, 1, 1, true))).isFalse();
        assertThat(unusual(syncs(97, 100 * MS).load(0.1, 0.1, 1, 1, true))).isTrue();
        Situation unknown = syncs(97, 99 * MS);
        unknown.devices.clear();
        assertThat(unusual(unknown)).isFalse();
    }

    @Test
    void a_write_is_slow_from_10_ms() {
        assertThat(unusual(Situation.calm().operations(DB, Kind.BUFFERED, DATA, 97, 9 * MS, NONE)))
                .isFalse();
        assertThat(unusual(Situation.calm().operations(DB, Kind.BUFFERED, DATA, 97, 10 * MS, NONE)))
                .isTrue();
    }

    @Test
    void two_slow_ones_are_chance_and_three_are_not() {
        assertThat(unusual(syncs(20, MS).operations(DB, Kind.MSYNC, DATA, 2, 97 * MS, NONE)))
                .isFalse();
        assertThat(unusual(syncs(20, MS).operations(DB, Kind.MSYNC, DATA, 3, 97 * MS, NONE)))
                .isTrue();
    }

    @Test
    void one_that_takes_a_second_is_enough() {
        assertThat(unusual(syncs(1, 997 * MS))).isFalse();
        assertThat(unusual(syncs(1, 1000 * MS))).isTrue();
    }

    @Test
    void waiting_for_half_of_the_time_is_unusual() {
        assertThat(unusual(syncs(3_749, 4 * MS))).isFalse();
        assertThat(unusual(syncs(3_751, 4 * MS))).isTrue();
    }

    @Test
    void working_is_not_waiting() {
        assertThat(unusual(Situation.calm()
                        .operations(DB, Kind.BUFFERED, DATA, 1_000_000, 23_000, Map.of(Stage.RUNNING, 0.97))))
                .isFalse();
        assertThat(unusual(Situation.calm().operations(DB, Kind.BUFFERED, DATA, 1_000_000, 23_000, NONE)))
                .isFalse();
    }

    @Test
    void only_a_regression_that_is_not_over_is_unusual() {
        assertThat(unusual(syncs(97, MS).regressed(Operation.FSYNC, MS / 10, MS)))
                .isTrue();
        assertThat(unusual(syncs(97, MS)
                        .regressed(Operation.FSYNC, MS / 10, MS)
                        .flagged(Operation.FSYNC, MS / 10, MS / 10, Regression.State.RECOVERED)))
                .isFalse();
        assertThat(unusual(syncs(97, MS).regressed(Operation.WRITE, MS / 10, MS)))
                .isFalse();
    }

    private static Situation throttled(long ns, double share) {
        return Situation.calm().syncs(97, ns, Map.of(Stage.THROTTLED, share));
    }

    @Test
    void of_an_unusual_operation_a_tenth_is_worth_naming() {
        assertThat(throttled(97 * MS, 0.09).names()).isEmpty();
        assertThat(throttled(97 * MS, 0.11).names()).containsExactly(Name.OWN_LIMIT);
    }

    @Test
    void of_a_noticeable_operation_a_quarter_is_and_of_a_fast_one_nothing() {
        assertThat(throttled(5 * MS, 0.24).names()).isEmpty();
        assertThat(throttled(5 * MS, 0.26).names()).containsExactly(Name.OWN_LIMIT);
        assertThat(throttled(4 * MS, 0.97).names()).isEmpty();
    }

    @Test
    void a_write_is_noticeable_from_1_ms() {
        Map<Stage, Double> paused = Map.of(Stage.DIRTY_THROTTLED, 0.9);
        assertThat(Situation.calm()
                        .operations(DB, Kind.BUFFERED, DATA, 97, MS - 20_000, paused)
                        .names())
                .isEmpty();
        assertThat(Situation.calm()
                        .operations(DB, Kind.BUFFERED, DATA, 97, MS, paused)
                        .names())
                .containsExactly(Name.DIRTY_THROTTLING);
    }

    private static Cause neighbour(double utilisation) {
        return Situation.calm()
                .load(utilisation, 3, 7)
                .syncs(97, 97 * MS, Map.of(Stage.DEVICE, 0.9))
                .held(Operation.FSYNC, Share.Resource.DEVICE, ETL, 8_000 * MS)
                .causes()
                .getFirst();
    }

    @Test
    void a_device_that_idles_half_of_the_time_makes_a_neighbour_doubtful() {
        assertThat(neighbour(0.49).confidence()).isEqualTo(Confidence.PROBABLE);
        assertThat(neighbour(0.51).confidence()).isEqualTo(Confidence.LIKELY);
    }

    @Test
    void a_device_is_called_saturated_where_it_is_busy_for_four_fifths_with_four_requests() {
        assertThat(saturated(0.79, 4.1)).isEmpty();
        assertThat(saturated(0.81, 3.9)).isEmpty();
        assertThat(saturated(0.81, 4.1)).containsExactly(Name.SATURATES_ITSELF);
    }

    private static List<Name> saturated(double utilisation, double queueSize) {
        return Situation.calm()
                .load(utilisation, queueSize, 7)
                .syncs(97, 97 * MS, Map.of(Stage.DEVICE, 0.9))
                .held(Operation.FSYNC, Share.Resource.DEVICE, DB, 8_000 * MS)
                .names();
    }

    @Test
    void a_device_is_slow_from_10_ms_on_flash_and_40_on_a_disk() {
        assertThat(slowDevice(9.9, false)).isEmpty();
        assertThat(slowDevice(10.1, false)).containsExactly(Name.SLOW_DEVICE);
        assertThat(slowDevice(39, true)).isEmpty();
        assertThat(slowDevice(41, true)).containsExactly(Name.SLOW_DEVICE);
    }

    private static List<Name> slowDevice(double writeMs, boolean rotational) {
        return Situation.calm()
                .load(0.5, 0.9, writeMs, 1, rotational)
                .syncs(97, 211 * MS, Map.of(Stage.DEVICE, 0.9))
                .names();
    }

    private static List<Name> journal(long bytes, long ownBytes) {
        return Situation.calm()
                .syncs(97, 97 * MS, Map.of(Stage.COMMIT_DATA, 0.9))
                .activity(ETL, "dd", "/data/dirty", Kind.BUFFERED, DATA, 97, bytes)
                .activity(DB, "dd", "/data/wal", Kind.BUFFERED, DATA, 97, ownBytes)
                .names();
    }

    @Test
    void a_neighbour_that_dirties_less_than_a_megabyte_a_second_fills_no_commit() {
        assertThat(journal(999_000L * SECONDS, 0)).isEmpty();
        assertThat(journal(1_001_000L * SECONDS, 0)).containsExactly(Name.NEIGHBOUR_JOURNAL);
    }

    @Test
    void a_neighbour_is_guessed_only_if_it_writes_more_than_all_others() {
        assertThat(journal(100 * MIB, 101 * MIB)).isEmpty();
        assertThat(journal(101 * MIB, 100 * MIB)).containsExactly(Name.NEIGHBOUR_JOURNAL);
    }

    private static List<Name> storm(int perSecond, int files) {
        Situation storm = syncs(perSecond * SECONDS, 970 * MS / perSecond);
        for (int file = 0; file < files; file++) {
            storm.activity(DB, "dd", "/data/" + file, Kind.FSYNC, DATA, 1, 0);
        }
        return storm.load(0.1, 0.1, 1, 1, true).names();
    }

    @Test
    void many_small_files_are_20_that_are_synced_20_times_a_second() {
        assertThat(storm(20, 19)).isEmpty();
        assertThat(storm(19, 20)).isEmpty();
        assertThat(storm(20, 20)).containsExactly(Name.FSYNC_STORM);
    }

    @Test
    void a_hundred_syncs_a_second_are_many_whatever_their_files() {
        assertThat(storm(99, 1)).isEmpty();
        assertThat(storm(100, 1)).containsExactly(Name.FSYNC_STORM);
    }

    @Test
    void a_file_that_is_synced_three_times_was_not_made_to_be_synced() {
        Situation twice = syncs(20 * SECONDS, 48 * MS).load(0.1, 0.1, 1, 1, true);
        Situation thrice = syncs(20 * SECONDS, 48 * MS).load(0.1, 0.1, 1, 1, true);
        for (int file = 0; file < 23; file++) {
            twice.activity(DB, "dd", "/data/" + file, Kind.FSYNC, DATA, 2, 0);
            thrice.activity(DB, "dd", "/data/" + file, Kind.FSYNC, DATA, 3, 0);
        }
        assertThat(twice.names()).containsExactly(Name.FSYNC_STORM);
        assertThat(thrice.names()).isEmpty();
    }

    @Test
    void files_made_to_be_synced_are_a_quarter_of_what_is_seen_of_a_storm() {
        Situation quarter = syncs(20 * SECONDS, 48 * MS).load(0.1, 0.1, 1, 1, true);
        Situation less = syncs(20 * SECONDS, 48 * MS).load(0.1, 0.1, 1, 1, true);
        for (int file = 0; file < 20; file++) {
            quarter.activity(DB, "dd", "/data/" + file, Kind.FSYNC, DATA, 1, 0);
            less.activity(DB, "dd", "/data/" + file, Kind.FSYNC, DATA, 1, 0);
        }
        assertThat(quarter.activity(DB, "fio", "/data/wal", Kind.FSYNC, DATA, 60, 0)
                        .names())
                .containsExactly(Name.FSYNC_STORM);
        assertThat(less.activity(DB, "fio", "/data/wal", Kind.FSYNC, DATA, 61, 0)
                        .names())
                .isEmpty();
    }

    @Test
    void a_sync_a_second_does_not_belong_into_a_layer() {
        assertThat(Situation.calm()
                        .operations(DB, Kind.FSYNC, LAYER, SECONDS - 1, 7 * MS, NONE)
                        .names())
                .isEmpty();
        assertThat(Situation.calm()
                        .operations(DB, Kind.FSYNC, LAYER, SECONDS, 7 * MS, NONE)
                        .names())
                .containsExactly(Name.UPPERDIR);
    }

    @Test
    void a_megabyte_of_writes_a_second_does_not_either() {
        // Each carries 4096 bytes.
        assertThat(Situation.calm()
                        .operations(DB, Kind.BUFFERED, LAYER, 244 * SECONDS, MS, NONE)
                        .names())
                .isEmpty();
        assertThat(Situation.calm()
                        .operations(DB, Kind.BUFFERED, LAYER, 245 * SECONDS, MS, NONE)
                        .names())
                .containsExactly(Name.UPPERDIR);
    }

    @Test
    void a_layer_that_takes_less_than_half_of_the_time_is_a_sideshow() {
        assertThat(syncs(97, 7 * MS)
                        .operations(DB, Kind.FSYNC, LAYER, 95, 7 * MS, NONE)
                        .names())
                .isEmpty();
        assertThat(syncs(95, 7 * MS)
                        .operations(DB, Kind.FSYNC, LAYER, 97, 7 * MS, NONE)
                        .names())
                .containsExactly(Name.UPPERDIR);
    }

    private static Confidence layerAgainstVolume(int count, long volumeNs) {
        return syncs(count, volumeNs)
                .operations(DB, Kind.FSYNC, LAYER, 97, 10 * MS, NONE)
                .causes()
                .getFirst()
                .confidence();
    }

    @Test
    void a_volume_proves_something_if_it_is_twice_as_fast_twenty_times() {
        assertThat(layerAgainstVolume(19, 4 * MS)).isEqualTo(Confidence.PROBABLE);
        assertThat(layerAgainstVolume(20, 4 * MS)).isEqualTo(Confidence.LIKELY);
        assertThat(layerAgainstVolume(20, 6 * MS)).isEqualTo(Confidence.PROBABLE);
    }

    private static List<Name> copied(int requests, int calls) {
        Situation copied = Situation.calm()
                .operations(DB, Kind.BUFFERED, DATA, calls, 9_000, NONE)
                .syncs(97, 23 * MS, NONE)
                .requests(DB, Kind.BLOCK_WRITE, requests, MS, 4096, 0);
        copied.mounts.add(Situation.mount(DB, LAYER, "rw", "/data/upper", DISK));
        copied.mounts.removeIf(mount -> mount.realDevice().equals(Situation.ROOT_DISK));
        return copied.names();
    }

    @Test
    void eight_times_the_bytes_that_calls_wrote_are_copies() {
        assertThat(copied(79_990, 10_000)).isEmpty();
        assertThat(copied(80_010, 10_000)).containsExactly(Name.COPY_UP);
    }

    @Test
    void less_than_a_megabyte_a_second_is_no_copying_to_speak_of() {
        assertThat(copied(244 * SECONDS, 1)).isEmpty();
        assertThat(copied(246 * SECONDS, 1)).containsExactly(Name.COPY_UP);
    }

    @Test
    void half_of_what_may_be_dirty_is_near_the_limit() {
        assertThat(paused(499).confidence()).isEqualTo(Confidence.POSSIBLE);
        assertThat(paused(501).confidence()).isEqualTo(Confidence.PROBABLE);
    }

    private static Cause paused(long mib) {
        Situation paused =
                Situation.calm().operations(DB, Kind.BUFFERED, DATA, 97, 23 * MS, Map.of(Stage.DIRTY_THROTTLED, 0.9));
        paused.dirty = new Evidence.DirtyMemory(mib * MIB, 0, 1000 * MIB, 500 * MIB, Map.of());
        return paused.causes().getFirst();
    }

    private static List<Name> deleted(String file, long start, long end) {
        Situation deleted = syncs(97, MS);
        deleted.deleted.add(new Evidence.DeletedFile(DB, 4231, "sh", file, DISK, start, end));
        return deleted.names();
    }

    @Test
    void a_temporary_file_without_a_name_is_told_if_it_is_large_and_grows() {
        assertThat(deleted("/tmp/sort", 8 * MIB, 9 * MIB - 1)).isEmpty();
        assertThat(deleted("/tmp/sort", 6 * MIB, 8 * MIB - 1)).isEmpty();
        assertThat(deleted("/tmp/sort", 7 * MIB, 8 * MIB)).containsExactly(Name.DELETED_FILE);
    }

    @Test
    void a_log_without_a_name_is_told_as_soon_as_it_grows() {
        assertThat(deleted("/data/app.log", 0, (64 << 10) - 1)).isEmpty();
        assertThat(deleted("/data/app.log", 0, 64 << 10)).containsExactly(Name.DELETED_FILE);
    }

    private static List<Name> left(long totalGiB, long freeGiB, long totalInodes, long freeInodes) {
        Situation situation = syncs(97, MS);
        situation.fileSystems.set(0, Situation.fileSystem("", totalGiB, freeGiB, totalInodes, freeInodes));
        return situation.names();
    }

    @Test
    void a_file_system_is_nearly_full_with_less_than_5_percent_and_little_left() {
        assertThat(left(80, 4, 0, 0)).isEmpty();
        assertThat(left(81, 4, 0, 0)).containsExactly(Name.SPACE);
        assertThat(left(1000, 5, 0, 0)).isEmpty();
        assertThat(left(1000, 4, 0, 0)).containsExactly(Name.SPACE);
        assertThat(left(1000, 900, 1000, 50)).isEmpty();
        assertThat(left(1000, 900, 1000, 49)).containsExactly(Name.INODES);
        assertThat(left(1000, 900, 10_000_000, 100_000)).isEmpty();
        assertThat(left(1000, 900, 10_000_000, 99_999)).containsExactly(Name.INODES);
    }

    private static List<Name> flush(double flushMs) {
        return Situation.calm()
                .load(0.7, 0.8, 1, flushMs, true)
                .syncs(30 * SECONDS, 29 * MS, Map.of(Stage.FLUSH, 0.8))
                .names();
    }

    @Test
    void a_flush_is_slow_from_5_ms() {
        assertThat(flush(4.9)).isEmpty();
        assertThat(flush(5.1)).containsExactly(Name.SLOW_FLUSH);
    }

    @Test
    void a_flush_that_takes_less_than_four_writes_is_doubtful() {
        assertThat(flushAgainstWrite(39).confidence()).isEqualTo(Confidence.PROBABLE);
        assertThat(flushAgainstWrite(41).confidence()).isEqualTo(Confidence.LIKELY);
    }

    private static Cause flushAgainstWrite(double flushMs) {
        return Situation.calm()
                .load(0.7, 0.8, 10, flushMs, true)
                .syncs(30 * SECONDS, 29 * MS, Map.of(Stage.FLUSH, 0.8))
                .causes()
                .getFirst();
    }

    @Test
    void a_wait_without_evidence_of_its_own_has_to_be_a_fifth() {
        assertThat(syncsWith(Stage.LOCK, 0.19)).isEmpty();
        assertThat(syncsWith(Stage.LOCK, 0.21)).containsExactly(Name.LOCK);
    }

    private static List<Name> syncsWith(Stage stage, double share) {
        return Situation.calm().syncs(97, 97 * MS, Map.of(stage, share)).names();
    }

    @Test
    void ten_reads_a_second_dirty_inodes_to_speak_of() {
        assertThat(read(10 * SECONDS - 1)).isEmpty();
        assertThat(read(10 * SECONDS)).containsExactly(Name.ATIME);
    }

    private static List<Name> read(int reads) {
        Situation strict = Situation.calm().syncs(97, 97 * MS, Map.of(Stage.COMMIT_LOG, 0.9));
        strict.mounts.set(0, Situation.mount(DB, DATA, "rw", "", DISK));
        strict.cgroups.add(new Evidence.CgroupIo(DB, DISK, MIB, MIB, reads, 3));
        return strict.names();
    }

    @Test
    void with_fewer_than_twenty_operations_nobody_is_called_healthy() {
        assertThat(syncs(19, MS).note().verdict()).isEqualTo(Explanation.Verdict.TOO_LITTLE);
        assertThat(syncs(20, MS).note().verdict()).isEqualTo(Explanation.Verdict.USUAL);
    }
}
