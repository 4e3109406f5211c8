package dev.writescope.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.container.Container;
import dev.writescope.container.FakeHost;
import dev.writescope.evidence.Evidence.ProcessIo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTrafficTest {
    private static final Container NEIGHBOUR = FakeTargets.container("neighbour");

    private final Missing missing = new Missing();

    @TempDir
    Path root;

    private void process(int pid, String comm, long started, long read, long written, long delay) {
        String fields = String.join(" ", Collections.nCopies(18, "1"));
        String later = String.join(" ", Collections.nCopies(19, "2"));
        new FakeHost(root)
                .file(
                        "proc/" + pid + "/io",
                        "rchar: 3\nwchar: 5\nread_bytes: %d\nwrite_bytes: %d\ncancelled_write_bytes: 0\n"
                                .formatted(read, written))
                .file(
                        "proc/" + pid + "/stat",
                        "%d (%s) S %s %d %s %d 0 0\n".formatted(pid, comm, fields, started, later, delay));
    }

    private ProcessTraffic start() {
        return new ProcessTraffic(new FakeHost(root).paths(), missing);
    }

    private static List<ProcessIo> finish(ProcessTraffic traffic, Integer... chosen) {
        Map<Integer, Container> pids = new HashMap<>();
        List.of(chosen).forEach(pid -> pids.put(pid, FakeTargets.DB));
        return traffic.finish(pids, pid -> NEIGHBOUR);
    }

    @Test
    void chosen_processes_come_before_busier_others_and_idle_ones_not_at_all() {
        process(7, "postgres", 100, 0, 1_000, 10);
        process(13, "fio", 100, 0, 1_000, 0);
        process(17, "idle", 100, 5, 5, 0);
        ProcessTraffic traffic = start();
        process(7, "postgres", 100, 17, 8_919, 13);
        process(13, "fio", 100, 0, 1_000_003, 0);
        assertThat(finish(traffic, 7, 17))
                .containsExactly(
                        new ProcessIo(FakeTargets.DB, 7, "postgres", 17, 7_919, 0, 30_000_000),
                        new ProcessIo(NEIGHBOUR, 13, "fio", 0, 999_003, 0, 0));
    }

    @Test
    void delays_that_the_kernel_does_not_account_are_unknown() {
        new FakeHost(root).file("proc/sys/kernel/task_delayacct", "0\n");
        ProcessTraffic traffic = start();
        process(7, "postgres", 100, 0, 7_919, 13);
        assertThat(finish(traffic, 7)).containsExactly(new ProcessIo(FakeTargets.DB, 7, "postgres", 0, 7_919, 0, -1));
        assertThat(missing.list()).containsExactly("block I/O delay of processes: kernel.task_delayacct is 0");
    }

    @Test
    void a_process_that_got_another_ones_number_did_all_of_its_own() {
        process(7, "old", 100, 0, 1_000, 5);
        ProcessTraffic traffic = start();
        process(7, "new", 200, 0, 1_009, 1);
        assertThat(finish(traffic, 7))
                .containsExactly(new ProcessIo(FakeTargets.DB, 7, "new", 0, 1_009, 0, 10_000_000));
    }

    @Test
    void a_name_may_hold_what_looks_like_fields() throws IOException {
        String stat = "7 (a) S 9 (b) R) S 1 " + String.join(" ", Collections.nCopies(17, "1")) + " 4242 "
                + String.join(" ", Collections.nCopies(19, "2")) + " 17 0";
        ProcessCounters counters = ProcessCounters.parse(stat, 3, 5, 0);
        assertThat(counters).isEqualTo(new ProcessCounters("a) S 9 (b) R", 4242, 3, 5, 0, 17));
    }

    @Test
    void what_has_no_name_is_no_process_and_short_lines_have_no_counters() throws IOException {
        assertThatThrownBy(() -> ProcessCounters.parse("7 ) S (", 3, 5, 0)).isInstanceOf(IOException.class);
        assertThat(ProcessCounters.parse("7 (a) S", 3, 5, 0).started()).isZero();
    }

    @Test
    void processes_without_readable_files_have_ended() {
        new FakeHost(root).file("proc/7/stat", "7 (a) S").file("proc/7x/io", "write_bytes: 7\n");
        assertThat(finish(start(), 7)).isEmpty();
        assertThat(missing.list()).isEmpty();
    }

    @Test
    void only_the_busiest_of_the_others_are_told() {
        ProcessTraffic traffic = start();
        for (int pid = 1; pid <= ProcessTraffic.MAX_OTHERS + 7; pid++) {
            process(pid, "fio", 100, 0, pid * 4096L, 0);
        }
        assertThat(finish(traffic))
                .hasSize(ProcessTraffic.MAX_OTHERS)
                .extracting(ProcessIo::pid)
                .doesNotContain(1, 2, 3, 4, 5, 6, 7)
                .first()
                .isEqualTo(ProcessTraffic.MAX_OTHERS + 7);
    }
}
