package dev.writescope.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DecoderTest {
    private static final int DEVICE = (7 << 20) | 3;

    private final RecordingSink sink = new RecordingSink();
    private final Decoder decoder = new Decoder(sink, 1_000_000, null);
    private final MemorySegment memory = Arena.ofAuto().allocate(2048, 8);

    private void operation(byte type, Kind kind, int result, long latencyNs, String... path) {
        memory.set(ValueLayout.JAVA_BYTE, Records.TYPE, type);
        memory.set(ValueLayout.JAVA_BYTE, Records.KIND, (byte) kind.code());
        memory.set(ValueLayout.JAVA_INT, Records.OPERATION_RESULT, result);
        memory.set(ValueLayout.JAVA_LONG, Records.OPERATION_CGROUP, 4242);
        memory.set(ValueLayout.JAVA_LONG, Records.OPERATION_LATENCY, latencyNs);
        memory.set(ValueLayout.JAVA_INT, Records.OPERATION_DEVICE, DEVICE);
        memory.set(ValueLayout.JAVA_INT, Records.OPERATION_MOUNT, 61);
        memory.set(ValueLayout.JAVA_INT, Records.OPERATION_MAGIC, 0xEF53);
        memory.set(ValueLayout.JAVA_INT, Records.OPERATION_PID, 101);
        memory.set(ValueLayout.JAVA_INT, Records.OPERATION_TID, 103);
        memory.set(ValueLayout.JAVA_LONG, Records.OPERATION_BYTES, -1);
        put(Records.OPERATION_COMM, "postgres");
        int at = Records.OPERATION_SIZE;
        for (String component : path) {
            at += put(at, component);
        }
        memory.set(ValueLayout.JAVA_INT, Records.OPERATION_PATH_BYTES, at - Records.OPERATION_SIZE);
        decoder.record(memory, 0, 1120);
    }

    private int put(int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at, bytes.length);
        memory.set(ValueLayout.JAVA_BYTE, at + bytes.length, (byte) 0);
        return bytes.length + 1;
    }

    private void block(Kind kind, int flags, int bytes) {
        memory.set(ValueLayout.JAVA_BYTE, Records.TYPE, Records.TYPE_BLOCK);
        memory.set(ValueLayout.JAVA_BYTE, Records.KIND, (byte) kind.code());
        memory.set(ValueLayout.JAVA_BYTE, Records.FLAGS, (byte) flags);
        memory.set(ValueLayout.JAVA_INT, Records.BLOCK_DEVICE, DEVICE);
        memory.set(ValueLayout.JAVA_LONG, Records.BLOCK_CGROUP, 17);
        memory.set(ValueLayout.JAVA_LONG, Records.BLOCK_TOTAL, 5_000);
        memory.set(ValueLayout.JAVA_LONG, Records.BLOCK_QUEUE, 2_000);
        memory.set(ValueLayout.JAVA_LONG, Records.BLOCK_ON_DEVICE, 3_000);
        memory.set(ValueLayout.JAVA_INT, Records.BLOCK_BYTES, bytes);
        memory.set(ValueLayout.JAVA_INT, Records.BLOCK_ERROR, 0);
        decoder.record(memory, 0, Records.BLOCK_SIZE);
    }

    @Test
    void aSyncIsCountedWithItsPlaceAndFailure() {
        operation(Records.TYPE_OPERATION, Kind.FDATASYNC, -5, 7_001);
        assertThat(sink.operations)
                .containsExactly(new RecordingSink.Operation(4242, Kind.FDATASYNC, DEVICE, 61, 0xEF53, 7_001, 0, true));
        assertThat(sink.slow).isEmpty();
    }

    @Test
    void aSlowSyncComesWithItsPathFromTheRootDown() {
        operation(Records.TYPE_OPERATION, Kind.FSYNC, 0, 2_000_003, "ségment", "wal", "pg");
        SlowRecord slow = sink.slow.getFirst();
        assertThat(slow.path()).isEqualTo("/pg/wal/ségment");
        assertThat(slow.comm()).isEqualTo("postgres");
        assertThat(slow.pid()).isEqualTo(101);
        assertThat(slow.tid()).isEqualTo(103);
        assertThat(sink.operations).hasSize(1);
    }

    @Test
    void aPathThatWasCutSaysSo() {
        memory.set(ValueLayout.JAVA_BYTE, Records.FLAGS, Records.FLAG_PATH_CUT);
        operation(Records.TYPE_OPERATION, Kind.FSYNC, 0, 2_000_003, "leaf", "above");
        assertThat(sink.slow.getFirst().path()).isEqualTo("…/above/leaf");
    }

    @Test
    void theDetailOfASlowWriteIsNotCountedAgain() {
        operation(Records.TYPE_SLOW_WRITE, Kind.BUFFERED, 4096, 2_000_003);
        assertThat(sink.operations).isEmpty();
        assertThat(sink.slow.getFirst().bytes()).isEqualTo(4096);
    }

    @Test
    void aPathLengthThatDoesNotFitTheRecordIsNotBelieved() {
        operation(Records.TYPE_OPERATION, Kind.FSYNC, 0, 2_000_003);
        sink.slow.clear();
        memory.set(ValueLayout.JAVA_INT, Records.OPERATION_PATH_BYTES, Integer.MAX_VALUE);
        decoder.record(memory, 0, Records.OPERATION_SIZE);
        assertThat(sink.slow.getFirst().path()).isEmpty();
    }

    @Test
    void aRequestHasThreeStages() {
        block(Kind.BLOCK_WRITE, 0, 4096);
        assertThat(sink.blocks)
                .containsExactly(
                        new RecordingSink.Block(17, Kind.BLOCK_WRITE, Stage.QUEUE, DEVICE, 2_000, 4096, false),
                        new RecordingSink.Block(17, Kind.BLOCK_WRITE, Stage.DEVICE, DEVICE, 3_000, 4096, false),
                        new RecordingSink.Block(17, Kind.BLOCK_WRITE, Stage.TOTAL, DEVICE, 5_000, 4096, false));
    }

    @Test
    void aWriteWithFlushesAroundItCountsOnce() {
        block(Kind.BLOCK_WRITE, Records.FLAG_DATA_PART, 4096);
        block(Kind.BLOCK_WRITE, 0, 0);
        assertThat(sink.blocks)
                .extracting(RecordingSink.Block::stage)
                .containsExactly(Stage.QUEUE, Stage.DEVICE, Stage.TOTAL);
        assertThat(sink.extraBlockBytes).isEqualTo(4096);
    }

    @Test
    void aLogicalFlushHasNoDeviceTime() {
        block(Kind.BLOCK_FLUSH, Records.FLAG_NO_DEVICE_TIME, 0);
        assertThat(sink.blocks).extracting(RecordingSink.Block::stage).containsExactly(Stage.TOTAL);
    }

    @Test
    void aPartOfARequestAddsOnlyBytes() {
        block(Kind.BLOCK_READ, Records.FLAG_PARTIAL, 8192);
        assertThat(sink.blocks).isEmpty();
        assertThat(sink.extraBlockBytes).isEqualTo(8192);
    }

    @Test
    void recordsOfNoKnownTypeAreNoticed() {
        memory.set(ValueLayout.JAVA_BYTE, Records.TYPE, (byte) 77);
        decoder.record(memory, 0, 1120);
        decoder.record(memory, 0, 8);
        assertThat(decoder.foreign()).isEqualTo(2);
    }
}
