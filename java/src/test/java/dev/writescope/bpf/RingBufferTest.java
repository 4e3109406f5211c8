package dev.writescope.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RingBufferTest {
    private static List<byte[]> drain(RingBuffer reader) {
        List<byte[]> taken = new ArrayList<>();
        reader.drain((data, at, length) -> taken.add(data.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE)));
        return taken;
    }

    private static byte[] record(int length, int seed) {
        byte[] record = new byte[length];
        for (int i = 0; i < length; i++) {
            record[i] = (byte) (seed * 31 + i);
        }
        return record;
    }

    @Property(tries = 300)
    void everyRecordComesOnceAndInOrderHoweverTheRingWraps(
            @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 1, max = 300) Integer> lengths,
            @ForAll @IntRange(min = 1, max = 7) int perDrain) {
        FakeRing ring = new FakeRing(4096);
        RingBuffer reader = ring.reader();
        List<byte[]> expected = new ArrayList<>();
        List<byte[]> taken = new ArrayList<>();
        for (int i = 0; i < lengths.size(); i++) {
            byte[] record = record(lengths.get(i), i);
            if (!ring.put(record, 0)) {
                taken.addAll(drain(reader));
                assertThat(ring.put(record, 0)).isTrue();
            }
            expected.add(record);
            if (i % perDrain == 0) {
                taken.addAll(drain(reader));
            }
        }
        taken.addAll(drain(reader));
        assertThat(taken).usingElementComparator(java.util.Arrays::compare).containsExactlyElementsOf(expected);
        assertThat(reader.pending()).isZero();
    }

    @Test
    void aRecordThatIsNotCompleteHoldsBackThoseBehindIt() {
        FakeRing ring = new FakeRing(4096);
        RingBuffer reader = ring.reader();
        ring.put(record(13, 1), 0);
        ring.put(record(17, 2), FakeRing.BUSY);
        assertThat(drain(reader)).containsExactly(record(13, 1));
        assertThat(reader.pending()).isEqualTo(8 + 24);
        ring.commitLast();
        ring.put(record(19, 3), 0);
        assertThat(drain(reader)).containsExactly(record(17, 2), record(19, 3));
    }

    @Test
    void discardedRecordsAreSkippedAndTheirSpaceGivenBack() {
        FakeRing ring = new FakeRing(4096);
        RingBuffer reader = ring.reader();
        ring.put(record(23, 1), FakeRing.DISCARDED);
        ring.put(record(29, 2), 0);
        assertThat(drain(reader)).containsExactly(record(29, 2));
        assertThat(ring.consumed()).isEqualTo(32 + 40);
    }
}
