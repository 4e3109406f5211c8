package dev.writescope.probe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A record of the ring is the kernel's word, but its names are any process's. */
class DecoderFuzzTest {
    private static final MemorySegment MEMORY = Arena.global().allocate(4096, 8);

    @FuzzTest
    void aRecordOfAKnownKindIsDecodedAndAnyOtherCounted(byte[] record) {
        int length = Math.min(record.length, 2048);
        MemorySegment.copy(record, 0, MEMORY, JAVA_BYTE, 0, length);
        RecordingSink sink = new RecordingSink();
        Decoder decoder = new Decoder(sink, 0, null);
        if (length > Records.KIND && !isKind(record[Records.KIND])) {
            return; // the programs send constants
        }
        decoder.record(MEMORY, 0, length);
        assertThat(decoder.foreign()).isBetween(length < Records.BLOCK_SIZE ? 1L : 0L, 1L);
        assertThat(sink.slow).allSatisfy(slow -> assertThat(slow.path()).doesNotContain("\0"));
    }

    private static boolean isKind(byte code) {
        try {
            Kind.ofCode(code);
            return true;
        } catch (IllegalArgumentException | IndexOutOfBoundsException unknown) {
            return false;
        }
    }
}
