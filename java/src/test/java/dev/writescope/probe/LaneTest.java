package dev.writescope.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaneTest {
    private static final int CAPACITY = 64;

    private final MemorySegment memory = Arena.ofAuto().allocate(Tracer.laneBytes(CAPACITY), 8);

    private void put(long latencyNs, int result) {
        put(latencyNs, result, false);
    }

    /** As send_write in bpf/output.h. */
    private void put(long latencyNs, int result, boolean slept) {
        long head = memory.get(ValueLayout.JAVA_LONG, Records.LANE_HEAD);
        if (head - memory.get(ValueLayout.JAVA_LONG, Records.LANE_TAIL) > CAPACITY - 1) {
            memory.set(ValueLayout.JAVA_LONG, Records.LANE_LOST_WRITE, lost() + 1);
            return;
        }
        long at = Records.LANE_RECORDS + (head & (CAPACITY - 1)) * Records.WRITE_SIZE;
        memory.set(ValueLayout.JAVA_LONG, at + Records.WRITE_CGROUP, 71);
        memory.set(
                ValueLayout.JAVA_LONG,
                at + Records.WRITE_KIND_LATENCY,
                (slept ? Long.MIN_VALUE : 0) | ((long) Kind.DIRECT.code() << 56) | latencyNs);
        memory.set(ValueLayout.JAVA_INT, at + Records.WRITE_RESULT, result);
        memory.set(ValueLayout.JAVA_LONG, Records.LANE_HEAD, head + 1);
    }

    private long lost() {
        return memory.get(ValueLayout.JAVA_LONG, Records.LANE_LOST_WRITE);
    }

    @Property(tries = 200)
    void whatIsTakenAndWhatIsLostIsWhatWasMade(
            @ForAll @Size(min = 1, max = 20) java.util.List<@IntRange(min = 0, max = 150) Integer> bursts) {
        Lane lane = new Lane(memory, true);
        long lostBefore = lane.lostWrite();
        RecordingSink sink = new RecordingSink();
        long made = 0;
        for (int burst : bursts) {
            for (int i = 0; i < burst; i++) {
                put(++made, i % 3 == 0 ? -28 : 4096);
            }
            assertThat(lane.drain(sink)).isEqualTo(Math.min(burst, CAPACITY));
        }
        assertThat(sink.operations.size() + lane.lostWrite() - lostBefore).isEqualTo(made);
        assertThat(sink.operations)
                .isSortedAccordingTo(java.util.Comparator.comparingLong(RecordingSink.Operation::latencyNs));
        assertThat(sink.operations)
                .allSatisfy(each -> assertThat(each.bytes()).isEqualTo(each.failed() ? 0 : 4096))
                .allSatisfy(each -> assertThat(each.kind()).isEqualTo(Kind.DIRECT));
    }

    @Test
    void aWriteThatNeverSleptWasRunningAllTheTime() {
        RecordingSink sink = new RecordingSink();
        put(1009, 512, false);
        put(70_001, 512, true);
        put(2003, 512, false);
        new Lane(memory, true).drain(sink);
        assertThat(sink.operations)
                .extracting(RecordingSink.Operation::latencyNs)
                .containsExactly(1009L, 70_001L, 2003L);
        assertThat(sink.operations).extracting(RecordingSink.Operation::kind).containsOnly(Kind.DIRECT);
        assertThat(sink.ran).extracting(RecordingSink.Operation::latencyNs).containsExactly(1009L, 2003L);
    }

    @Test
    void whereNobodyAskedForWaitsNothingIsKnownOfThem() {
        RecordingSink sink = new RecordingSink();
        put(1013, 512, false);
        new Lane(memory, false).drain(sink);
        assertThat(sink.operations).hasSize(1);
        assertThat(sink.ran).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 131072, 4",
        "2, 131072, 8",
        "8, 131072, 32",
        "9, 65536, 18",
        "64, 16384, 32",
        "128, 8192, 32",
        "384, 8192, 96",
        "512, 8192, 128",
        "513, 4096, 64",
        "8192, 512, 128"
    })
    void memoryIsBoundedHoweverManyCpusThereAre(int cpus, int records, int mebibytes) {
        assertThat(Lane.defaultRecords(cpus)).isEqualTo(records);
        // and a header of two cache lines each
        assertThat((cpus * (Tracer.laneBytes(records) - Records.LANE_RECORDS)) >> 20)
                .isEqualTo(mebibytes);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "8, 8", "9, 16", "64, 16", "384, 16"})
    void thereIsARingForEachCpuUpToSixteen(int cpus, int rings) {
        assertThat(Hooks.ringCount(cpus)).isEqualTo(rings);
    }
}
