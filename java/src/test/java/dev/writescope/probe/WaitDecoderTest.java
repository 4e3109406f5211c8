package dev.writescope.probe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.writescope.probe.Wait.Cause;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class WaitDecoderTest {
    private static final int OVERLAY = 0x794c7630;
    private static final int DATA_STACK = 11;
    private static final int COMMIT_STACK = 13;

    private final RecordingSink sink = new RecordingSink();
    private final Decoder decoder = new Decoder(sink, 1_000_000, new WaitDecoder(sink, stack -> switch (stack) {
        case DATA_STACK -> Cause.DATA;
        case COMMIT_STACK -> Cause.COMMIT;
        default -> Cause.OTHER;
    }));
    private final MemorySegment memory = Arena.ofAuto().allocate(2048, 8);

    private void operation(byte type, Kind kind, int magic) {
        memory.set(JAVA_BYTE, Records.TYPE, type);
        memory.set(JAVA_BYTE, Records.KIND, (byte) kind.code());
        memory.set(JAVA_LONG, Records.OPERATION_LATENCY, 7_001);
        memory.set(JAVA_LONG, Records.OPERATION_END, 90_001);
        memory.set(JAVA_INT, Records.OPERATION_DEVICE, 23);
        memory.set(JAVA_INT, Records.OPERATION_MAGIC, magic);
        memory.set(JAVA_LONG, Records.OPERATION_BYTES, -1);
    }

    private void wait(long at, int index, int stack, long ns, long end) {
        long wait = at + (long) index * Records.WAIT_SIZE;
        memory.set(JAVA_INT, wait + Records.WAIT_STACK, stack);
        memory.set(JAVA_LONG, wait + Records.WAIT_NS, ns);
        memory.set(JAVA_LONG, wait + Records.WAIT_END, end);
        memory.set(JAVA_INT, wait + Records.WAIT_TIMES, index + 1);
    }

    @Test
    void a_sync_is_counted_and_has_its_waits() {
        operation(Records.TYPE_WAITS, Kind.FSYNC, OVERLAY);
        memory.set(JAVA_LONG, Records.WAITS_RUNNABLE, 101);
        memory.set(JAVA_INT, Records.WAITS_REAL_DEVICE, 29);
        memory.set(JAVA_INT, Records.WAITS_COUNT, 3);
        wait(Records.WAITS_WAIT, 0, DATA_STACK, 1009, 85_000);
        wait(Records.WAITS_WAIT, 1, COMMIT_STACK, 2003, 89_000);
        wait(Records.WAITS_WAIT, 2, -1, 17, 89_500);
        decoder.record(memory, 0, Records.WAITS_SIZE);
        assertThat(sink.operations).hasSize(1);
        WaitRecord record = sink.waits.getFirst();
        assertThat(record.realDevice()).isEqualTo(29);
        assertThat(record.runnableNs()).isEqualTo(101);
        assertThat(record.waits())
                .containsExactly(
                        new Wait(Cause.DATA, 1009, 85_000, 1),
                        new Wait(Cause.COMMIT, 2003, 89_000, 2),
                        new Wait(Cause.OTHER, 17, 89_500, 3));
    }

    @Test
    void the_waits_of_a_write_do_not_count_it_again() {
        operation(Records.TYPE_WRITE_WAITS, Kind.BUFFERED, 0xef53);
        decoder.record(memory, 0, Records.WAITS_SIZE);
        assertThat(sink.operations).isEmpty();
        assertThat(sink.waits).extracting(WaitRecord::realDevice).containsExactly(23);
    }

    @Test
    void a_sync_that_never_slept_comes_without_waits_and_below_overlay_nothing_is_guessed() {
        operation(Records.TYPE_OPERATION, Kind.FDATASYNC, OVERLAY);
        decoder.record(memory, 0, Records.OPERATION_SIZE);
        assertThat(sink.operations).hasSize(1);
        assertThat(sink.waits).hasSize(1);
        assertThat(sink.waits.getFirst().waits()).isEmpty();
        assertThat(sink.waits.getFirst().realDevice()).isZero();
    }

    @Test
    void a_sync_whose_waits_were_lost_is_counted_and_not_taken_apart() {
        operation(Records.TYPE_OPERATION, Kind.FSYNC, 0xef53);
        memory.set(JAVA_BYTE, Records.FLAGS, Records.FLAG_WAITS_LOST);
        decoder.record(memory, 0, Records.OPERATION_SIZE);
        assertThat(sink.operations).hasSize(1);
        assertThat(sink.waits).isEmpty();
    }

    @Test
    void more_waits_than_fit_are_not_believed() {
        operation(Records.TYPE_WAITS, Kind.FSYNC, 0xef53);
        memory.set(JAVA_INT, Records.WAITS_COUNT, Integer.MAX_VALUE);
        decoder.record(memory, 0, Records.WAITS_SIZE);
        memory.set(JAVA_INT, Records.WAITS_COUNT, -1);
        decoder.record(memory, 0, Records.WAITS_SIZE);
        assertThat(sink.waits).extracting(each -> each.waits().size()).containsExactly(Records.MOST_WAITS, 0);
    }

    @Test
    void a_commit_logs_only_once_the_data_is_there() {
        memory.set(JAVA_BYTE, Records.TYPE, Records.TYPE_COMMIT);
        memory.set(JAVA_INT, Records.COMMIT_DEVICE, 31);
        memory.set(JAVA_INT, Records.COMMIT_TRANSACTION, 4241);
        memory.set(JAVA_INT, Records.COMMIT_COUNT, 2);
        memory.set(JAVA_LONG, Records.COMMIT_START, 1009);
        memory.set(JAVA_LONG, Records.COMMIT_FLUSHING, 1013);
        memory.set(JAVA_LONG, Records.COMMIT_LOGGING, 1019);
        memory.set(JAVA_LONG, Records.COMMIT_END, 1201);
        wait(Records.COMMIT_WAIT, 0, DATA_STACK, 50, 1103);
        wait(Records.COMMIT_WAIT, 1, 5, 60, 1187);
        decoder.record(memory, 0, Records.COMMIT_SIZE);
        memory.set(JAVA_INT, Records.COMMIT_COUNT, 0);
        decoder.record(memory, 0, Records.COMMIT_SIZE);
        assertThat(sink.commits)
                .containsExactly(
                        new CommitRecord(31, 4241, 1009, 1013, 1103, 1201),
                        new CommitRecord(31, 4241, 1009, 1013, 1019, 1201));
    }

    @Test
    void a_request_comes_with_its_times() {
        memory.set(JAVA_BYTE, Records.TYPE, Records.TYPE_BLOCK);
        memory.set(JAVA_BYTE, Records.KIND, (byte) Kind.BLOCK_WRITE.code());
        memory.set(JAVA_LONG, Records.BLOCK_TOTAL, 5_003);
        memory.set(JAVA_LONG, Records.BLOCK_QUEUE, 2_000);
        memory.set(JAVA_LONG, Records.BLOCK_ON_DEVICE, 3_001);
        memory.set(JAVA_LONG, Records.BLOCK_END, 90_001);
        memory.set(JAVA_INT, Records.BLOCK_BYTES, 8192);
        decoder.record(memory, 0, Records.BLOCK_SIZE);
        memory.set(JAVA_BYTE, Records.FLAGS, Records.FLAG_NO_DEVICE_TIME);
        decoder.record(memory, 0, Records.BLOCK_SIZE);
        assertThat(sink.requests)
                .extracting(RequestRecord::startNs, RequestRecord::issueNs, RequestRecord::endNs)
                .containsExactly(tuple(84_998L, 87_000L, 90_001L), tuple(84_998L, 0L, 90_001L));
    }

    @Test
    void records_that_are_too_short_are_noticed() {
        for (byte type : new byte[] {Records.TYPE_WAITS, Records.TYPE_WRITE_WAITS, Records.TYPE_COMMIT}) {
            memory.set(JAVA_BYTE, Records.TYPE, type);
            decoder.record(memory, 0, Records.OPERATION_SIZE);
        }
        assertThat(decoder.foreign()).isEqualTo(3);
    }

    @Test
    void without_waits_asked_for_their_records_are_foreign() {
        operation(Records.TYPE_WAITS, Kind.FSYNC, 0xef53);
        Decoder other = new Decoder(sink, 1_000_000, null);
        other.record(memory, 0, Records.WAITS_SIZE);
        assertThat(other.foreign()).isEqualTo(1);
    }
}
