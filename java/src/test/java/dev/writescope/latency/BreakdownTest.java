package dev.writescope.latency;

import static dev.writescope.latency.Waiting.DB_BLOCK;
import static dev.writescope.latency.Waiting.DISK;
import static dev.writescope.latency.Waiting.END;
import static dev.writescope.latency.Waiting.ETL_BLOCK;
import static dev.writescope.latency.Waiting.LATENCY;
import static dev.writescope.latency.Waiting.OTHER_DISK;
import static dev.writescope.latency.Waiting.PARTITION;
import static dev.writescope.latency.Waiting.ROOT_BLOCK;
import static dev.writescope.latency.Waiting.fsync;
import static dev.writescope.latency.Waiting.waited;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.probe.Kind;
import dev.writescope.probe.RequestRecord;
import dev.writescope.probe.Stage;
import dev.writescope.probe.Wait;
import dev.writescope.probe.Wait.Cause;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BreakdownTest {
    /** Begin of the wait for data or a commit in these tests; it ends at {@link #TO}. */
    private static final long FROM = END - 900_001;

    private static final long TO = END - 100_003;

    private final Waiting waiting = new Waiting();

    private Map<Stage, Long> data(int device) {
        Map<Stage, Long> parts = waiting.split(fsync(device, 0, waited(Cause.DATA, FROM, TO)));
        assertThat(parts.remove(Stage.RUNNING)).isEqualTo(LATENCY - (TO - FROM));
        return parts;
    }

    private Map<Stage, Long> committed(int device) {
        Map<Stage, Long> parts = waiting.split(fsync(device, 0, waited(Cause.COMMIT, FROM, TO)));
        assertThat(parts.remove(Stage.RUNNING)).isEqualTo(LATENCY - (TO - FROM));
        return parts;
    }

    @Test
    void what_is_not_waiting_is_running_or_runnable() {
        assertThat(waiting.split(fsync(DISK, 20_011)))
                .isEqualTo(Map.of(Stage.RUNNABLE, 20_011L, Stage.RUNNING, LATENCY - 20_011));
    }

    @Test
    void most_causes_are_a_part_by_themselves() {
        assertThat(waiting.split(fsync(
                        DISK,
                        0,
                        waited(Cause.LOCK, END - 7, END),
                        waited(Cause.JOURNAL, END - 11, END),
                        waited(Cause.DIRTY_THROTTLED, END - 13, END),
                        waited(Cause.COPY_UP, END - 17, END),
                        waited(Cause.READ, END - 19, END),
                        waited(Cause.SERVER, END - 23, END),
                        waited(Cause.FLUSH, END - 29, END),
                        waited(Cause.REQUEST, END - 31, END),
                        waited(Cause.OTHER, END - 37, END))))
                .isEqualTo(Map.ofEntries(
                        Map.entry(Stage.LOCK, 7L),
                        Map.entry(Stage.JOURNAL, 11L),
                        Map.entry(Stage.DIRTY_THROTTLED, 13L),
                        Map.entry(Stage.COPY_UP, 17L),
                        Map.entry(Stage.READ, 19L),
                        Map.entry(Stage.SERVER, 23L),
                        Map.entry(Stage.FLUSH, 29L),
                        Map.entry(Stage.QUEUE, 31L),
                        Map.entry(Stage.OTHER, 37L),
                        Map.entry(Stage.RUNNING, LATENCY - 187)));
    }

    @Test
    void waits_longer_than_the_operation_are_cut() {
        assertThat(waiting.split(fsync(
                        DISK, 300_007, waited(Cause.LOCK, END - 900_001, END), waited(Cause.READ, END - 900_001, END))))
                .isEqualTo(Map.of(Stage.LOCK, 900_001L, Stage.READ, LATENCY - 900_001));
    }

    @Test
    void a_wait_for_data_is_queue_and_device_of_its_own_request_whose_cgroup_has_another_id() {
        waiting.write(DB_BLOCK, DISK, FROM, FROM + 20_011, TO);
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.QUEUE, 20_011L, Stage.DEVICE, TO - FROM - 20_011));
    }

    @Test
    void a_request_from_before_the_wait_counts_from_its_begin() {
        waiting.write(DB_BLOCK, DISK, FROM - 300_007, FROM - 200_003, TO);
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.DEVICE, TO - FROM));
    }

    @Test
    void a_request_that_never_was_handed_over_by_itself_counts_for_the_device() {
        waiting.write(DB_BLOCK, DISK, FROM, 0, TO);
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.DEVICE, TO - FROM));
    }

    @Test
    void it_is_held_back_while_none_of_its_own_requests_is_in_flight() {
        waiting.write(DB_BLOCK, DISK, FROM, FROM, FROM + 100_003);
        waiting.write(DB_BLOCK, DISK, FROM + 700_001, FROM + 710_009, TO);
        assertThat(data(DISK))
                .isEqualTo(Map.of(
                        Stage.THROTTLED, 599_998L,
                        Stage.QUEUE, 10_008L,
                        Stage.DEVICE, 100_003 + TO - FROM - 710_009));
    }

    @Test
    void it_is_held_back_before_its_first_request() {
        waiting.write(DB_BLOCK, DISK, FROM + 700_001, FROM + 700_001, TO);
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.THROTTLED, 700_001L, Stage.DEVICE, TO - FROM - 700_001));
    }

    @Test
    void requests_one_after_the_other_hold_nothing_back() {
        waiting.write(DB_BLOCK, DISK, FROM, FROM, FROM + 300_007);
        waiting.write(DB_BLOCK, DISK, FROM + 200_003, FROM + 300_007, FROM + 600_011);
        waiting.write(DB_BLOCK, DISK, FROM + 600_011 + 19_001, FROM + 600_011 + 19_001, TO);
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.QUEUE, 100_004L, Stage.DEVICE, TO - FROM - 100_004));
    }

    @Test
    void what_is_left_after_the_last_request_is_writeback() {
        waiting.write(DB_BLOCK, DISK, FROM, FROM, TO - 50_021);
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.WRITEBACK, 50_021L, Stage.DEVICE, TO - FROM - 50_021));
    }

    @Test
    void without_a_request_it_is_writeback() {
        waiting.write(DB_BLOCK, DISK, FROM - 70_001, FROM - 60_013, FROM);
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.WRITEBACK, TO - FROM));
    }

    @Test
    void a_request_that_ended_after_the_wait_did_not_end_it() {
        waiting.write(DB_BLOCK, DISK, FROM, FROM, TO + 20_011);
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.WRITEBACK, TO - FROM));
        waiting.write(DB_BLOCK, DISK, FROM, FROM, TO + 19_997);
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.DEVICE, TO - FROM));
    }

    @Test
    void requests_of_others_reads_and_flushes_are_not_its_data() {
        waiting.write(ETL_BLOCK, DISK, FROM, FROM, TO);
        waiting.breakdown.request(
                new RequestRecord(DB_BLOCK, Kind.BLOCK_READ.code(), DISK, FROM, FROM, TO, 4099, 8209));
        waiting.breakdown.request(new RequestRecord(DB_BLOCK, Kind.BLOCK_WRITE.code(), DISK, FROM, 0, TO, 0, 0));
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.WRITEBACK, TO - FROM));
    }

    @Test
    void without_requests_of_its_own_those_of_nobody_count_and_gaps_between_them_are_no_limit_of_its_own() {
        waiting.write(ROOT_BLOCK, DISK, FROM + 500_009, FROM + 500_009, TO);
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.WRITEBACK, 500_009L, Stage.DEVICE, TO - FROM - 500_009));
        waiting.write(DB_BLOCK, DISK, FROM, TO - 30_011, TO - 30_011);
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.QUEUE, TO - FROM - 30_011, Stage.WRITEBACK, 30_011L));
    }

    @Test
    void requests_to_another_disk_count_only_where_its_own_has_none() {
        waiting.write(DB_BLOCK, OTHER_DISK, FROM, TO, TO);
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.QUEUE, TO - FROM));
        waiting.write(ETL_BLOCK, DISK, FROM, FROM, TO);
        assertThat(data(DISK)).isEqualTo(Map.of(Stage.WRITEBACK, TO - FROM));
    }

    @Test
    void the_real_device_counts_where_the_file_is_on_overlay() {
        waiting.write(DB_BLOCK, OTHER_DISK, FROM, FROM, TO);
        waiting.write(DB_BLOCK, DISK, FROM, TO, TO);
        int overlay = 53;
        var record = fsync(overlay, 0, waited(Cause.DATA, FROM, TO));
        var real = new dev.writescope.probe.WaitRecord(
                record.kind(),
                record.cgroup(),
                record.latencyNs(),
                record.endNs(),
                overlay,
                DISK,
                record.mount(),
                record.magic(),
                record.pid(),
                record.tid(),
                0,
                record.waits());
        assertThat(waiting.split(real)).containsEntry(Stage.QUEUE, TO - FROM);
    }

    @Test
    void what_it_waited_for_may_be_told_in_the_next_drain() {
        waiting.breakdown.waited(fsync(DISK, 0, waited(Cause.DATA, FROM, TO)));
        waiting.breakdown.drained();
        assertThat(waiting.operations).isEmpty();
        waiting.write(DB_BLOCK, DISK, FROM, FROM, TO);
        waiting.breakdown.drained();
        assertThat(waiting.operations)
                .singleElement()
                .satisfies(parts -> assertThat(parts).containsEntry(Stage.DEVICE, TO - FROM));
        waiting.breakdown.drained();
        assertThat(waiting.operations).hasSize(1);
    }

    @Test
    void the_end_of_the_interval_waits_for_nothing() {
        waiting.breakdown.waited(fsync(DISK, 0));
        waiting.breakdown.drained();
        waiting.breakdown.waited(fsync(DISK, 0));
        waiting.breakdown.end();
        assertThat(waiting.operations).hasSize(2);
        waiting.breakdown.end();
        assertThat(waiting.operations).hasSize(2);
    }

    @Test
    void a_wait_for_a_commit_is_divided_by_its_phases() {
        waiting.commit(DISK, FROM + 100_003, FROM + 300_007, FROM + 600_011, TO - 13);
        assertThat(committed(DISK))
                .isEqualTo(Map.of(
                        Stage.COMMIT_QUEUE, 100_003L,
                        Stage.COMMIT_LOCKED, 200_004L,
                        Stage.COMMIT_DATA, 300_004L,
                        Stage.COMMIT_LOG, TO - 13 - FROM - 600_011,
                        Stage.OTHER, 13L));
    }

    @Test
    void a_commit_that_had_begun_counts_from_the_begin_of_the_wait() {
        waiting.commit(DISK, FROM - 100_003, FROM - 50_021, FROM + 600_011, TO);
        assertThat(committed(DISK))
                .isEqualTo(Map.of(Stage.COMMIT_DATA, 600_011L, Stage.COMMIT_LOG, TO - FROM - 600_011));
    }

    @Test
    void the_last_commit_in_the_wait_ended_it() {
        waiting.commit(DISK, FROM - 11, FROM - 7, FROM + 3, FROM + 300_007);
        waiting.commit(DISK, FROM + 300_007, FROM + 300_007, FROM + 300_007, TO + 19_997);
        waiting.commit(DISK, FROM + 13, FROM + 13, FROM + 13, TO + 20_011);
        assertThat(committed(DISK))
                .isEqualTo(Map.of(Stage.COMMIT_QUEUE, 300_007L, Stage.COMMIT_LOG, TO - FROM - 300_007));
    }

    @Test
    void without_a_sound_commit_of_its_device_the_phases_are_not_known() {
        waiting.commit(DISK, FROM - 17, FROM - 13, FROM - 11, FROM);
        waiting.commit(PARTITION, FROM, FROM, FROM, TO);
        waiting.commit(DISK, FROM + 1, FROM, FROM + 2, TO);
        waiting.commit(DISK, FROM, FROM + 3, FROM + 2, TO);
        waiting.commit(DISK, FROM, FROM, TO + 1, TO);
        assertThat(committed(DISK)).isEqualTo(Map.of(Stage.COMMIT, TO - FROM));
    }

    @Test
    void a_flush_that_its_own_limit_holds_back_is_not_on_the_disk_yet() {
        waiting.flush(ETL_BLOCK, DISK, FROM + 3, TO - 5);
        waiting.flush(DB_BLOCK, DISK, FROM + 300_007, TO - 7);
        waiting.flush(ROOT_BLOCK, DISK, TO - 300_007, TO - 3);
        assertThat(flushed(DISK)).isEqualTo(Map.of(Stage.THROTTLED, 300_007L, Stage.FLUSH, TO - FROM - 300_007));
    }

    @Test
    void a_flush_that_is_a_request_at_once_was_not_held_back() {
        waiting.flush(DB_BLOCK, DISK, FROM + 20_000, TO);
        assertThat(flushed(DISK)).isEqualTo(Map.of(Stage.FLUSH, TO - FROM));
    }

    @Test
    void a_flush_whose_request_was_not_seen_is_left_to_the_disk() {
        waiting.flush(DB_BLOCK, DISK, FROM - 17, FROM);
        waiting.flush(DB_BLOCK, PARTITION, FROM + 300_007, TO);
        assertThat(flushed(DISK)).isEqualTo(Map.of(Stage.FLUSH, TO - FROM));
    }

    private Map<Stage, Long> flushed(int device) {
        Map<Stage, Long> parts = waiting.split(fsync(device, 0, waited(Cause.FLUSH, FROM, TO)));
        assertThat(parts.remove(Stage.RUNNING)).isEqualTo(LATENCY - (TO - FROM));
        return parts;
    }

    @Property(tries = 300)
    void parts_add_up_to_the_latency(
            @ForAll("waits") List<Wait> waits,
            @ForAll("times") List<List<Long>> requests,
            @ForAll("times") List<List<Long>> commits,
            @ForAll("durations") long latency,
            @ForAll("durations") long runnable) {
        Waiting any = new Waiting();
        for (List<Long> times : requests) {
            long owner = List.of(DB_BLOCK, ETL_BLOCK, ROOT_BLOCK).get((int) (times.get(0) % 3));
            any.write(owner, DISK, times.get(1), times.get(2), times.get(3));
        }
        for (List<Long> times : commits) {
            List<Long> rising = times.stream().sorted().toList();
            any.commit(DISK, rising.get(0), rising.get(1), rising.get(2), rising.get(3));
        }
        Map<Stage, Long> parts = any.split(fsync(latency, DISK, runnable, waits));
        assertThat(parts.values()).allMatch(ns -> ns > 0);
        assertThat(parts.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(latency);
        assertThat(sum(any.breakdown.end(), Share.Resource.DEVICE))
                .isEqualTo(sum(parts, Stage.QUEUE, Stage.DEVICE, Stage.COMMIT_LOG, Stage.FLUSH));
    }

    @Property(tries = 300)
    void shares_of_a_commit_add_up_to_the_time_it_was_waited_for(@ForAll("times") List<List<Long>> commits) {
        Waiting any = new Waiting();
        for (List<Long> times : commits) {
            List<Long> rising = times.stream().sorted().toList();
            any.commit(DISK, rising.get(0), rising.get(1), rising.get(2), rising.get(3));
            any.write(ETL_BLOCK, DISK, times.get(0), times.get(0), times.get(1));
        }
        Map<Stage, Long> parts = any.split(fsync(DISK, 0, waited(Cause.COMMIT, FROM, TO)));
        assertThat(sum(any.breakdown.end(), Share.Resource.COMMIT))
                .isEqualTo(sum(parts, Stage.COMMIT_DATA, Stage.COMMIT_QUEUE));
    }

    private static long sum(List<Share> shares, Share.Resource resource) {
        return shares.stream()
                .filter(share -> share.resource() == resource)
                .mapToLong(Share::ns)
                .sum();
    }

    private static long sum(Map<Stage, Long> parts, Stage... stages) {
        return List.of(stages).stream()
                .mapToLong(stage -> parts.getOrDefault(stage, 0L))
                .sum();
    }

    @Provide
    Arbitrary<Long> durations() {
        return Arbitraries.longs().between(1, 3_000_017);
    }

    @Provide
    Arbitrary<List<Wait>> waits() {
        return Combinators.combine(
                        Arbitraries.of(Cause.class),
                        Arbitraries.longs().between(-7, 2_000_003),
                        Arbitraries.longs().between(END - 2_000_003, END),
                        Arbitraries.integers().between(1, 7))
                .as(Wait::new)
                .list()
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<List<Long>>> times() {
        return Arbitraries.longs()
                .between(END - 3_000_017, END)
                .list()
                .ofSize(4)
                .list()
                .ofMaxSize(20);
    }
}
