package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.LoopDisk;
import dev.writescope.stage.SharedStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is traced breaks, or goes away, while it is traced: what was done is counted all the same, once. */
@ExtendWith(SharedStage.class)
class FaultTest {
    private static final long PID = ProcessHandle.current().pid();

    private final ContainerStage stage;
    private final Workload workload;

    FaultTest(ContainerStage stage) {
        this.stage = stage;
        this.workload = Workload.on(stage);
    }

    @Test
    void a_process_killed_in_an_fsync_leaves_nothing_for_the_next_one() throws Exception {
        LoopDisk disk = stage.disk("killed", "32M", "--memory");
        String container = "killed-" + PID;
        stage.run(container, List.of(workload.volume(), disk.at("/data")), "sleep", "600");
        Report report;
        long blockedNs;
        long killed;
        try (var trace = Writescope.trace("-c", container, "--op", "fsync,write", "--slow", "1ns")) {
            stage.slow(disk, 1, container);
            var run = CompletableFuture.runAsync(() -> {
                try {
                    workload.run(container, "/data/file", "create", "pwrite64=17", "fsync=101");
                } catch (IllegalStateException expected) {
                    assertThat(expected).hasMessageContaining("137");
                }
            });
            killed = blockedInFsync(stage.cgroup(container));
            long since = System.nanoTime();
            Thread.sleep(300);
            blockedNs = System.nanoTime() - since;
            Commands.run("kill", "-KILL", Long.toString(killed));
            stage.atFullSpeed(disk, container);
            run.join();
            workload.run(container, "/data/file", "-", "fsync=7");
            report = trace.stop();
        } finally {
            stage.stop(container);
        }
        assertThat(report.lost()).isZero();
        assertThat(report.totals().of(container, "write").count()).isEqualTo(17);
        List<JsonLine> syncs = report.slow().stream()
                .filter(line -> line.is("operation", "fsync"))
                .toList();
        List<JsonLine> before =
                syncs.stream().filter(line -> line.number("pid") == killed).toList();
        assertThat(before).isNotEmpty();
        assertThat(before.getLast().number("latency_ns")).isGreaterThan(blockedNs);
        assertThat(syncs).hasSize(before.size() + 7);
        assertThat(report.totals().of(container, "fsync").count()).isEqualTo(syncs.size());
        assertThat(syncs)
                .allSatisfy(line -> assertThat(line.number("latency_ns")).isLessThan(60_000_000_000L));
        assertThat(syncs.stream().filter(line -> line.number("pid") != killed))
                .allSatisfy(line -> assertThat(line.number("latency_ns"))
                        .isLessThan(before.getLast().number("latency_ns")));
    }

    /** Waits for a process of the cgroup that the kernel will not let go before its fsync has ended. */
    private static long blockedInFsync(Path cgroup) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        String fsync = System.getProperty("os.arch").equals("aarch64") ? "82 " : "74 ";
        while (System.nanoTime() < end) {
            for (String pid : Files.readAllLines(cgroup.resolve("cgroup.procs"))) {
                Path process = Path.of("/proc", pid);
                try {
                    if (Files.readString(process.resolve("syscall")).startsWith(fsync)
                            && Files.readString(process.resolve("stat")).contains(") D ")) {
                        return Long.parseLong(pid);
                    }
                } catch (IOException gone) {
                    // one of those that started it
                }
            }
            Thread.sleep(10);
        }
        throw new AssertionError("nobody waits in fsync");
    }

    @Test
    void a_file_system_may_go_while_files_on_it_are_written() {
        LoopDisk lazily = stage.disk("lazily", "16M", "--memory");
        LoopDisk normally = stage.disk("normally", "16M", "--memory");
        Report report;
        try (var trace = Writescope.trace("--op", "fsync,write", "--by", "device", "-i", "100ms")) {
            Commands.run("bash", "-c", """
                    append() { dd if=/dev/zero bs=4096 count=$1 conv=fsync status=none >&3; }
                    exec 3>'%1$s/file'
                    append 101
                    umount --lazy '%1$s'
                    append 103
                    exec 3>'%2$s/file'
                    append 107
                    exec 3>&-
                    umount '%2$s'
                    """.formatted(lazily.mountPoint(), normally.mountPoint()));
            report = trace.stop();
        }
        assertThat(report.lost()).isZero();
        assertCounted(report, lazily.device(), 101 + 103, 2);
        assertCounted(report, normally.device(), 107, 1);
    }

    private static void assertCounted(Report report, String device, long writes, long syncs) {
        Report.Rows rows = report.totals().where("device", device);
        assertThat(rows.where("operation", "write").count()).isEqualTo(writes);
        assertThat(rows.where("operation", "fsync").count()).isEqualTo(syncs);
        assertThat(rows.sum("errors")).isZero();
    }

    /** The nearest to pulling a disk: a loop device whose file loses its blocks, and is detached. */
    @Test
    void a_disk_that_fails_and_is_taken_away_gives_errors_that_are_counted() throws Exception {
        Path file = Path.of("/dev/shm/writescope-fault-" + PID);
        Commands.run("truncate", "-s", "8M", file.toString());
        String device =
                Commands.run("losetup", "--find", "--show", file.toString()).strip();
        String number = Commands.run("lsblk", "-dno", "MAJ:MIN", device).strip();
        Report report;
        try (var trace = Writescope.trace("--op", "block", "--by", "device,kind", "-i", "100ms")) {
            Commands.run("bash", "-c", """
                    write() { dd if=/dev/zero of=/proc/self/fd/3 bs=4096 count=$1 oflag=direct conv=notrunc status=none; }
                    exec 3<>'%1$s'
                    write 13
                    losetup --detach '%1$s' # in use: goes with the last who has it open
                    write 17
                    truncate -s 0 '%2$s'
                    dd if='%1$s' iflag=direct bs=4096 count=1 status=none of=/dev/null && exit 1
                    exec 3>&-
                    """.formatted(device, file));
            report = trace.stop();
        } finally {
            Files.deleteIfExists(file);
        }
        assertThat(Commands.run("losetup", "--list", "--noheadings")).doesNotContain(file.toString());
        Report.Rows rows = report.totals().where("device", number).where("stage", "total");
        assertThat(report.lost()).isZero();
        assertThat(rows.where("kind", "write").count()).isEqualTo(13 + 17);
        assertThat(rows.where("kind", "write").sum("errors")).isZero();
        assertThat(rows.where("kind", "read").sum("errors")).isPositive();
    }

    @Test
    void two_traces_at_once_count_the_same() {
        String container = "both-" + PID;
        stage.run(container, List.of(workload.volume()), "sleep", "600");
        try (var first = Writescope.trace("-c", container, "--op", "fsync,write");
                var second = Writescope.trace("-c", container, "--op", "fsync,write", "--backend", "raw_tp")) {
            workload.run(container, "/dev/shm/file", "create", "rewrite=30011", "fsync=1009");
            for (Report report : List.of(first.stop(), second.stop())) {
                assertThat(report.lost()).isZero();
                assertThat(report.totals().of(container, "write").count()).isEqualTo(30_011);
                assertThat(report.totals().of(container, "fsync").count()).isEqualTo(1009);
            }
        } finally {
            stage.stop(container);
        }
    }

    @Test
    void containers_are_told_apart_while_their_containerd_restarts() throws Exception {
        String before = "before-" + PID;
        String after = "after-" + PID;
        Path go = workload.directory().resolve("go");
        Path done = workload.directory().resolve("done");
        String wait = "until [ -e /workload/go ]; do sleep 0.1; done;";
        stage.run(
                before,
                List.of(workload.volume()),
                "sh",
                "-c",
                wait
                        + " /workload/workload /dev/shm/file create write=101 fsync=3 >/dev/null; :>/workload/done; sleep 600");
        Report report;
        try (var trace = Writescope.trace("--op", "fsync,write", "-i", "100ms")) {
            stage.stopContainerd();
            Files.createFile(go);
            while (!Files.exists(done)) {
                Thread.sleep(20);
            }
            stage.startContainerd();
            workload.run(before, "/dev/shm/file", "-", "write=103");
            stage.run(after, List.of(workload.volume()), "sleep", "600");
            workload.run(after, "/dev/shm/file", "create", "write=107");
            report = trace.stopWhenNamed();
        } finally {
            stage.startContainerd();
            List.of(before, after).forEach(stage::stop);
            Files.deleteIfExists(go);
            Files.deleteIfExists(done);
        }
        assertThat(report.lost()).isZero();
        assertThat(report.totals().of(before, "write").count()).isEqualTo(101 + 103);
        assertThat(report.totals().of(before, "fsync").count()).isEqualTo(3);
        assertThat(report.totals().of(after, "write").count()).isEqualTo(107);
    }
}
