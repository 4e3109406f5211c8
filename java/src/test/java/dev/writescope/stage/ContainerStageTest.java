package dev.writescope.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.stage.FioRun.Latency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContainerStageTest {
    @Test
    void a_container_has_a_cgroup_and_a_disk_and_closing_leaves_no_trace() throws IOException {
        Path directory;
        Path cgroup;
        try (var stage = ContainerStage.up()) {
            directory = stage.directory();
            LoopDisk disk = stage.disk("data", "64M");
            stage.run("db", List.of(disk.at("/data")), "sleep", "600");

            cgroup = stage.cgroup("db");
            assertThat(Files.readAllLines(cgroup.resolve("cgroup.procs"))).hasSize(1);
            assertThat(Path.of("/run/containerd/io.containerd.runtime.v2.task", stage.namespace(), "db/config.json"))
                    .exists();

            FioRun run = stage.fio("db", "--filename=/data/wal", "--rw=write", "--bs=4k", "--size=408k", "--fsync=1");
            assertThat(run.sync().count()).isEqualTo(101);
            assertThat(run.write().count()).isEqualTo(102);
            assertInOrder(run.sync());
            assertInOrder(run.write());
            assertThat(disk.mountPoint().resolve("wal")).hasSize(102 * 4096);
        }
        assertThat(directory).doesNotExist();
        assertThat(tracesOf(directory)).isEmpty();
        assertThat(cgroup.getParent()).doesNotExist();
    }

    @Test
    void a_slow_disk_holds_back_the_fsyncs_of_a_container_until_it_is_at_full_speed_again() {
        try (var stage = ContainerStage.up()) {
            LoopDisk disk = stage.disk("data", "64M");
            stage.run("db", List.of(disk.at("/data")), "sleep", "600");

            stage.slow(disk, 20);
            // 23 fsyncs are at least 23 writes; the kernel lets the first few of a slice pass, never 20 a second more.
            assertThat(secondsInFsync(stage)).isGreaterThan(0.5);

            stage.atFullSpeed(disk);
            Path limits = Path.of("/sys/fs/cgroup/blkio", stage.namespace(), "db/blkio.throttle.write_iops_device");
            if (Files.exists(limits)) {
                assertThat(limits).isEmptyFile();
            } else {
                assertThat(stage.cgroup("db").resolve("io.max")).content().doesNotContain("wiops=20");
            }
        }
    }

    @Test
    void the_next_stage_takes_down_one_whose_owner_was_killed() throws Exception {
        Path orphan = Files.createTempDirectory(Path.of("/var/tmp"), "writescope-stage");
        Process owner = new ProcessBuilder("sleep", "600").start();
        try {
            ContainerStage.stage(orphan, "up", "--owner", Long.toString(owner.pid()));
            ContainerStage.stage(orphan, "disk", "data", "16M");
            ContainerStage.stage(orphan, "disk", "quick", "16M", "--memory");
            ContainerStage.stage(orphan, "run", "db", "--", "sleep", "600");
        } finally {
            owner.destroyForcibly().waitFor();
        }
        assertThat(tracesOf(orphan)).isNotEmpty();
        ContainerStage.up().close();
        assertThat(orphan).doesNotExist();
        assertThat(tracesOf(orphan)).isEmpty();
    }

    @Test
    void a_command_that_fails_in_a_container_says_its_status_and_why() {
        try (var stage = ContainerStage.up()) {
            stage.run("web", List.of(), "sleep", "600");
            assertThat(stage.exec("web", "sh", "-c", "echo 103 >/log; cat /log"))
                    .isEqualTo("103");
            assertThatThrownBy(() -> stage.exec("web", "sh", "-c", "echo no room >&2; exit 7"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("exit status 7")
                    .hasMessageContaining("no room");
            stage.stop("web");
            assertThat(stage.cgroup("web")).doesNotExist();
        }
    }

    private static double secondsInFsync(ContainerStage stage) {
        Latency sync = stage.fio("db", "--filename=/data/slow", "--rw=write", "--bs=4k", "--size=96k", "--fsync=1")
                .sync();
        assertThat(sync.count()).isEqualTo(23);
        return sync.mean() * sync.count() / 1e9;
    }

    private static void assertInOrder(Latency latency) {
        // fio's percentiles are the upper ends of buckets up to 2 % wide.
        assertThat(List.of(latency.min(), latency.p50(), latency.p95(), latency.p99()))
                .isSorted();
        assertThat(latency.min()).isPositive();
        assertThat(latency.p99()).isLessThanOrEqualTo(latency.max() * 102 / 100);
        assertThat(latency.mean()).isBetween((double) latency.min(), (double) latency.max());
    }

    /** Mounts, loop devices and processes that mention the directory of a stage. */
    private static List<String> tracesOf(Path directory) throws IOException {
        String name = directory.toString();
        try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mountinfo"));
                Stream<Path> devices = Files.list(Path.of("/sys/block"))) {
            Stream<String> backing = devices.map(device -> device.resolve("loop/backing_file"))
                    .filter(Files::exists)
                    .map(ContainerStageTest::content);
            Stream<String> processes =
                    ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream());
            return Stream.of(mounts, backing, processes)
                    .flatMap(lines -> lines)
                    .filter(line -> line.contains(name))
                    .toList();
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // detached meanwhile
        }
    }
}
