package dev.writescope.latency;

import static dev.writescope.latency.Waiting.DB_BLOCK;
import static dev.writescope.latency.Waiting.DISK;
import static dev.writescope.latency.Waiting.END;
import static dev.writescope.latency.Waiting.ETL_BLOCK;
import static dev.writescope.latency.Waiting.OTHER_DISK;
import static dev.writescope.latency.Waiting.OTHER_PARTITION;
import static dev.writescope.latency.Waiting.PARTITION;
import static dev.writescope.latency.Waiting.ROOT_BLOCK;
import static dev.writescope.latency.Waiting.fsync;
import static dev.writescope.latency.Waiting.named;
import static dev.writescope.latency.Waiting.waited;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.latency.Share.Resource;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.RequestRecord;
import dev.writescope.probe.Wait.Cause;
import dev.writescope.probe.WaitRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharingTest {
    private static final long MS = 1_000_000;
    private static final Container DB = named("db");
    private static final Container ETL = named("etl");
    private static final Container OTHERS = new Container(Container.Type.UNKNOWN, "others", "", "", "", "", "", "", "");

    private final Waiting waiting = new Waiting();

    private void fsyncOf100Ms(Cause cause) {
        waiting.breakdown.waited(fsync(200 * MS, DISK, 0, List.of(waited(cause, END - 100 * MS, END))));
    }

    private static Share share(Resource resource, Container culprit, long ns) {
        return new Share(DB, Operation.FSYNC, resource, "8:0", culprit, ns);
    }

    /** As expected up to what a bin at each end is off. */
    private static Condition<Share> about(Share expected) {
        return new Condition<>(
                share -> Math.abs(share.ns() - expected.ns()) < 3 * MS
                        && share.equals(new Share(
                                expected.victim(),
                                expected.operation(),
                                expected.resource(),
                                expected.device(),
                                expected.culprit(),
                                share.ns())),
                "about " + expected);
    }

    @Test
    void a_device_is_held_by_those_whose_requests_it_has_the_victim_included() {
        waiting.write(DB_BLOCK, DISK, END - 100 * MS, END - 80 * MS, END);
        waiting.write(ETL_BLOCK, DISK, END - 200 * MS, END - 100 * MS, END);
        fsyncOf100Ms(Cause.DATA);
        assertThat(waiting.breakdown.end())
                .hasSize(2)
                .haveExactly(1, about(share(Resource.DEVICE, ETL, 60 * MS)))
                .haveExactly(1, about(share(Resource.DEVICE, DB, 40 * MS)));
    }

    @Test
    void a_neighbours_request_that_completes_after_the_wait_counts_as_well() {
        fsyncOf100Ms(Cause.FLUSH);
        waiting.breakdown.drained();
        waiting.breakdown.drained();
        waiting.write(ETL_BLOCK, DISK, END - 100 * MS, END - 100 * MS, END + 499 * MS);
        waiting.breakdown.drained();
        assertThat(waiting.breakdown.end()).containsExactly(share(Resource.DEVICE, ETL, 100 * MS));
        assertThat(waiting.breakdown.end()).isEmpty();
    }

    @Test
    void half_a_second_after_their_second_waits_are_divided_and_no_longer_kept() {
        fsyncOf100Ms(Cause.FLUSH);
        waiting.breakdown.drained();
        long later = END + (1 << 30) + 500 * MS;
        waiting.write(DB_BLOCK, DISK, later, later, later + MS);
        waiting.breakdown.drained();
        waiting.write(ETL_BLOCK, DISK, END - 100 * MS, END - 100 * MS, END);
        assertThat(waiting.breakdown.end()).containsExactly(share(Resource.DEVICE, Container.UNATTRIBUTED, 100 * MS));
    }

    @Test
    void reads_hold_a_device_but_no_commit() {
        waiting.breakdown.request(new RequestRecord(
                ETL_BLOCK, Kind.BLOCK_READ.code(), DISK, END - 100 * MS, END - 100 * MS, END, 4099, 8209));
        waiting.commit(DISK, END - 100 * MS, END - 100 * MS, END - 50 * MS, END);
        fsyncOf100Ms(Cause.COMMIT);
        assertThat(waiting.breakdown.end())
                .hasSize(2)
                .haveExactly(1, about(share(Resource.DEVICE, ETL, 50 * MS)))
                .haveExactly(1, about(share(Resource.COMMIT, Container.UNATTRIBUTED, 50 * MS)));
    }

    @Test
    void a_flush_that_never_was_on_the_device_by_itself_holds_nothing() {
        waiting.breakdown.request(
                new RequestRecord(ETL_BLOCK, Kind.BLOCK_WRITE.code(), DISK, END - 100 * MS, 0, END, 0, 0));
        fsyncOf100Ms(Cause.FLUSH);
        assertThat(waiting.breakdown.end()).containsExactly(share(Resource.DEVICE, Container.UNATTRIBUTED, 100 * MS));
    }

    @Test
    void a_commit_is_held_by_those_whose_data_it_writes() {
        waiting.write(ETL_BLOCK, DISK, END - 80 * MS, END - 70 * MS, END - 10 * MS);
        waiting.write(ROOT_BLOCK, DISK, END - 10 * MS, END - 10 * MS, END);
        waiting.commit(DISK, END - 100 * MS, END - 70 * MS, END - 10 * MS, END - 10 * MS);
        fsyncOf100Ms(Cause.COMMIT);
        assertThat(waiting.breakdown.end()).haveExactly(1, about(share(Resource.COMMIT, ETL, 60 * MS)));
    }

    @Test
    void a_commit_of_a_partition_is_held_by_what_is_written_to_that_one(@TempDir Path sys) throws IOException {
        Path disk = Files.createDirectories(sys.resolve("devices/sda"));
        Files.writeString(disk.resolve("dev"), "8:0\n");
        Files.createDirectories(sys.resolve("dev/block"));
        for (int number : List.of(1, 2)) {
            Path partition = Files.createDirectories(disk.resolve("sda" + number));
            Files.createFile(partition.resolve("partition"));
            Files.createSymbolicLink(sys.resolve("dev/block/8:" + number), partition);
        }
        Waiting waiting = new Waiting(sys);
        waiting.write(ETL_BLOCK, OTHER_PARTITION, END - 70 * MS, END - 70 * MS, END);
        waiting.write(DB_BLOCK, PARTITION, END - 70 * MS, END - 70 * MS, END);
        waiting.commit(PARTITION, END - 70 * MS, END - 70 * MS, END, END);
        waiting.breakdown.waited(fsync(200 * MS, PARTITION, 0, List.of(waited(Cause.COMMIT, END - 70 * MS, END))));
        assertThat(waiting.breakdown.end()).singleElement().satisfies(share -> {
            assertThat(share.culprit()).isEqualTo(DB);
            assertThat(share.ns()).isBetween(67 * MS, 73 * MS);
        });
    }

    private static WaitRecord of(Kind kind) {
        return new WaitRecord(
                kind.code(),
                41,
                100 * MS,
                END,
                DISK,
                DISK,
                0,
                0,
                1,
                1,
                0,
                List.of(waited(Cause.FLUSH, END - 97 * MS, END)));
    }

    @Test
    void the_waits_of_a_sync_within_a_write_are_told_once() {
        waiting.write(ETL_BLOCK, DISK, END - 100 * MS, END - 100 * MS, END);
        waiting.breakdown.waited(of(Kind.SYNCHRONOUS));
        assertThat(waiting.breakdown.end()).extracting(Share::operation).containsOnly(Operation.WRITE);
        waiting.write(ETL_BLOCK, DISK, END - 100 * MS, END - 100 * MS, END);
        waiting.breakdown.waited(of(Kind.OSYNC));
        waiting.breakdown.waited(of(Kind.SYNCHRONOUS));
        assertThat(waiting.breakdown.end()).extracting(Share::operation).containsOnly(Operation.FSYNC);
    }

    @Test
    void who_waits_for_an_earlier_commit_to_end_waits_for_its_data() {
        waiting.write(ETL_BLOCK, DISK, END - 300 * MS, END - 300 * MS, END - 200 * MS);
        waiting.commit(DISK, END - 300 * MS, END - 300 * MS, END - 200 * MS, END - 40 * MS);
        waiting.commit(DISK, END - 40 * MS, END, END, END);
        fsyncOf100Ms(Cause.COMMIT);
        assertThat(waiting.breakdown.end()).singleElement().is(about(share(Resource.COMMIT, ETL, 60 * MS)));
    }

    @Test
    void without_an_earlier_commit_nobody_holds_it() {
        waiting.write(ETL_BLOCK, DISK, END - 100 * MS, END - 100 * MS, END);
        waiting.commit(DISK, END - 40 * MS, END, END, END);
        fsyncOf100Ms(Cause.COMMIT);
        assertThat(waiting.breakdown.end()).containsExactly(share(Resource.COMMIT, Container.UNATTRIBUTED, 60 * MS));
    }

    @Test
    void a_device_without_requests_of_its_own_is_the_only_disk_there_is() {
        waiting.write(ETL_BLOCK, OTHER_DISK, END - 100 * MS, END - 100 * MS, END);
        fsyncOf100Ms(Cause.FLUSH);
        assertThat(waiting.breakdown.end()).singleElement().satisfies(share -> {
            assertThat(share.culprit()).isEqualTo(ETL);
            assertThat(share.device()).isEqualTo("259:0");
        });
        waiting.write(ETL_BLOCK, PARTITION, END - 100 * MS, END - 100 * MS, END);
        fsyncOf100Ms(Cause.FLUSH);
        assertThat(waiting.breakdown.end()).containsExactly(share(Resource.DEVICE, Container.UNATTRIBUTED, 100 * MS));
    }

    @Test
    void a_wait_that_began_before_all_that_is_known_counts_as_what_is_known() {
        waiting.write(ETL_BLOCK, DISK, END - 30_000 * MS, END - 30_000 * MS, END);
        waiting.breakdown.waited(fsync(20_000 * MS, DISK, 0, List.of(waited(Cause.FLUSH, END - 20_000 * MS, END))));
        assertThat(waiting.breakdown.end()).first().is(about(share(Resource.DEVICE, ETL, 20_000 * MS)));
    }

    @Test
    void culprits_with_less_than_a_thousandth_are_one() {
        List<Share> shares = new ArrayList<>(List.of(
                share(Resource.DEVICE, ETL, 997_000),
                share(Resource.DEVICE, OTHERS, 11),
                share(Resource.DEVICE, DB, 2_000),
                share(Resource.COMMIT, DB, 7)));
        IntStream.range(0, 101).forEach(i -> shares.add(share(Resource.DEVICE, named("small" + i), 10)));
        assertThat(ShareLimits.apply(shares, OTHERS))
                .containsExactly(
                        share(Resource.DEVICE, ETL, 997_000),
                        share(Resource.DEVICE, DB, 2_000),
                        share(Resource.DEVICE, OTHERS, 1_021),
                        share(Resource.COMMIT, DB, 7));
    }

    @Test
    void of_many_victims_those_that_waited_longest_are_kept() {
        List<Share> shares = IntStream.rangeClosed(1, ShareLimits.MOST_SUBJECTS + 3)
                .mapToObj(i -> new Share(named("v" + i), Operation.FSYNC, Resource.DEVICE, "8:0", ETL, i))
                .toList();
        assertThat(ShareLimits.apply(shares, OTHERS))
                .hasSize(ShareLimits.MOST_SUBJECTS)
                .startsWith(shares.getLast())
                .endsWith(shares.get(3));
    }
}
