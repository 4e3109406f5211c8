package dev.writescope.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelRecordsTest {
    private static final Path KMSG = Path.of("/dev/kmsg");

    @Test
    void what_is_logged_after_the_opening_is_read_without_waiting_for_more() throws IOException {
        String before = "writescope-test before " + System.nanoTime();
        String after = "writescope-test after " + System.nanoTime();
        Files.writeString(KMSG, before + "\n", StandardOpenOption.WRITE);
        try (KernelRecords records = KernelRecords.open(KMSG)) {
            Files.writeString(KMSG, after + "\n", StandardOpenOption.WRITE);
            StringBuilder read = new StringBuilder();
            for (String record = records.next(); record != null; record = records.next()) {
                read.append(record);
            }
            assertThat(read).contains(after).doesNotContain(before);
            assertThat(records.overwritten()).isFalse();
        }
    }

    @Test
    void a_log_that_is_not_there_is_a_missing_file(@TempDir Path directory) {
        assertThatThrownBy(() -> KernelRecords.open(directory.resolve("kmsg")).close())
                .isInstanceOf(NoSuchFileException.class);
    }
}
