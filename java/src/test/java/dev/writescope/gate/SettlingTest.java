package dev.writescope.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettlingTest {
    @TempDir
    Path directory;

    private final List<String> told = new ArrayList<>();

    private Settling settling(String... meminfo) throws Exception {
        Path file = directory.resolve("meminfo");
        Files.write(file, List.of(meminfo));
        return new Settling(file, Duration.ofMillis(70), told::add);
    }

    @Test
    void what_waits_to_be_written_is_dirty_pages_and_pages_under_way() throws Exception {
        assertThat(settling("MemTotal:  97 kB", "Dirty:      13 kB", "Writeback:    7 kB", "WritebackTmp:  3 kB")
                        .unwrittenBytes())
                .isEqualTo(20 * 1024);
    }

    @Test
    void a_machine_that_does_not_come_to_rest_is_told_and_not_waited_for() throws Exception {
        settling("Dirty: 219136 kB", "Writeback: 0 kB").settle(Duration.ZERO);
        assertThat(told).singleElement().asString().contains("214 MiB");
    }

    @Test
    void nonsense_in_meminfo_is_not_waited_for() throws Exception {
        settling("Dirty: 99999999999999999999 kB", "Writeback: much").settle(Duration.ZERO);
        assertThat(told).isEmpty();
    }
}
