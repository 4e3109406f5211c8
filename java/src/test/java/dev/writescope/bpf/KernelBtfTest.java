package dev.writescope.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelBtfTest {
    private static final byte[] STRINGS = "\0btf_trace_block_rq_issue\0".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    /** An int, a function with some parameters, a pointer to it and the typedef. */
    private static byte[] btf(int parameters) {
        int types = 16 + 12 + 8 * parameters + 12 + 12;
        ByteBuffer bytes = ByteBuffer.allocate(24 + types + STRINGS.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort((short) 0xeB9F).put((byte) 1).put((byte) 0).putInt(24);
        bytes.putInt(0).putInt(types).putInt(types).putInt(STRINGS.length);
        bytes.putInt(0).putInt(1 << 24).putInt(4).putInt(32);
        bytes.putInt(0).putInt(13 << 24 | parameters).putInt(0);
        for (int i = 0; i < parameters; i++) {
            bytes.putInt(0).putInt(1);
        }
        bytes.putInt(0).putInt(2 << 24).putInt(2);
        bytes.putInt(1).putInt(8 << 24).putInt(3);
        return bytes.put(STRINGS).array();
    }

    private KernelBtf read(byte[] content) throws IOException {
        return KernelBtf.read(Files.write(directory.resolve("btf"), content));
    }

    @Test
    void arguments_are_counted_without_the_one_of_the_tracer() throws IOException {
        assertThat(read(btf(2)).tracepointArguments("block_rq_issue")).isEqualTo(1);
        assertThat(read(btf(3)).tracepointArguments("block_rq_issue")).isEqualTo(2);
    }

    @Test
    void a_tracepoint_is_found_by_its_whole_name_only() throws IOException {
        assertThat(read(btf(2)).tracepointArguments("block_rq_iss")).isEqualTo(-1);
        assertThat(read(btf(2)).tracepointArguments("block_rq_issued")).isEqualTo(-1);
    }

    @Test
    void the_running_kernel_tells_the_arguments_of_completion() throws IOException {
        KernelBtf kernel = KernelBtf.read(Path.of("/sys/kernel/btf/vmlinux"));
        assertThat(kernel.tracepointArguments("block_rq_complete")).isEqualTo(3);
        assertThat(kernel.tracepointArguments("block_rq_issue")).isBetween(1, 2);
    }

    @Test
    void an_enumerator_is_found_in_an_enum_without_a_name() throws IOException {
        byte[] strings = "\0__RQF_FLUSH_SEQ\0__RQF_IO_STAT\0".getBytes(StandardCharsets.US_ASCII);
        int types = 12 + 2 * 8;
        ByteBuffer bytes = ByteBuffer.allocate(24 + types + strings.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort((short) 0xeB9F).put((byte) 1).put((byte) 0).putInt(24);
        bytes.putInt(0).putInt(types).putInt(types).putInt(strings.length);
        bytes.putInt(0).putInt(6 << 24 | 2).putInt(4);
        bytes.putInt(1).putInt(3).putInt(17).putInt(11);
        KernelBtf kernel = read(bytes.put(strings).array());
        assertThat(kernel.enumerator("__RQF_FLUSH_SEQ")).hasValue(3);
        assertThat(kernel.enumerator("__RQF_IO_STAT")).hasValue(11);
        assertThat(kernel.enumerator("__RQF_IO")).isEmpty();
    }

    @Test
    void damage_is_an_exception_that_names_the_file() {
        byte[] whole = btf(2);
        for (int length : new int[] {0, 1, 7, 23, 31, 53}) {
            assertThatThrownBy(() -> read(Arrays.copyOf(whole, length)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("btf");
        }
    }
}
