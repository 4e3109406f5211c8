package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.FioRun;
import dev.writescope.stage.LoopDisk;
import dev.writescope.stage.SharedStage;
import dev.writescope.trace.Report.Rows;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is said of one container agrees with what its own programs measure. */
@ExtendWith(SharedStage.class)
class ContainerTest {
    private final ContainerStage stage;
    private final String container = "db-" + ProcessHandle.current().pid();

    ContainerTest(ContainerStage stage) {
        this.stage = stage;
    }

    @AfterEach
    void stop() {
        stage.stop(container);
    }

    @Test
    void counts_are_those_of_fio_and_percentiles_within_five_percent() {
        LoopDisk disk = stage.disk("fio", "128M");
        stage.run(container, List.of(disk.at("/data")), "sleep", "600");
        FioRun fio;
        Report report;
        try (var trace = Writescope.trace("-c", container, "--by", "mount", "--digits", "3")) {
            fio = stage.fio(
                    container,
                    "--filename=/data/wal",
                    "--rw=write",
                    "--bs=4k",
                    "--size=12284k", // 3071 writes
                    "--fsync=1",
                    "--fallocate=none");
            report = trace.stop();
        }
        assertThat(report.lost()).isZero();
        assertThat(fio.sync().count()).isEqualTo(3070);
        Rows data = report.totals().where("mount", "/data");
        Rows syncs = data.of(container, "fsync");
        assertThat(syncs.count()).isEqualTo(fio.sync().count());
        assertThat(data.of(container, "write").count()).isEqualTo(3071);
        assertThat(data.of(container, "write").sum("bytes")).isEqualTo(3071 * 4096);
        JsonLine sync = syncs.lines().getFirst();
        assertThat(sync.number("p50_ns")).isCloseTo(fio.sync().p50(), withPercentage(5));
        assertThat(sync.number("p95_ns")).isCloseTo(fio.sync().p95(), withPercentage(5));
        assertThat(sync.number("p99_ns")).isCloseTo(fio.sync().p99(), withPercentage(5));
        assertThat((double) sync.number("mean_ns")).isCloseTo(fio.sync().mean(), withPercentage(5));
    }

    @Test
    void a_slow_disk_is_seen_in_the_interval_in_which_it_is_slow() {
        LoopDisk disk = stage.disk("slow", "64M");
        stage.run(container, List.of(disk.at("/data")), "sleep", "600");
        stage.slow(disk, 20);
        Report report;
        try (var trace = Writescope.trace("-c", container, "--op", "fsync", "--slow", "40ms")) {
            stage.fio(container, "--filename=/data/wal", "--rw=write", "--bs=4k", "--size=192k", "--fsync=1");
            report = trace.stop();
        }
        // 20 writes a second, and each sync needs one: of 47 syncs in more than two seconds most wait 50 ms. The kernel
        // lets some pass at once in each slice of time.
        assertThat(report.intervals().of(container, "fsync").lines())
                .anySatisfy(line -> assertThat(line.number("p99_ns")).isGreaterThan(50_000_000));
        assertThat(report.slow()).isNotEmpty().allSatisfy(line -> {
            assertThat(line.text("container")).isEqualTo(container);
            assertThat(line.text("file")).isEqualTo("/data/wal");
            assertThat(line.text("comm")).isEqualTo("fio");
            assertThat(line.number("latency_ns")).isGreaterThanOrEqualTo(40_000_000);
        });
    }

    @Test
    void the_overlay_and_a_volume_are_told_apart_and_slow_files_have_their_names_in_the_container() {
        LoopDisk disk = stage.disk("volume", "64M");
        Workload workload = Workload.on(stage);
        stage.run(container, List.of(disk.at("/data"), workload.volume()), "sleep", "600");
        Report report;
        try (var trace = Writescope.trace("-c", container, "--op", "fsync,write", "--by", "mount", "--slow", "1ns")) {
            workload.run(container, "/etc/own", "create", "write=5", "fsync=3");
            workload.run(container, "/data/own", "create", "pwrite64=7", "fdatasync=2");
            report = trace.stop();
        }
        Rows upper = report.totals().where("mount", "/").where("mount_class", "upperdir");
        Rows volume = report.totals().where("mount", "/data").where("mount_class", "volume");
        assertThat(report.totals().lines())
                .hasSize(upper.lines().size() + volume.lines().size());
        assertThat(upper.of(container, "fsync").count()).isEqualTo(3); // not those of the real file below as well
        assertThat(upper.of(container, "write").count()).isEqualTo(5);
        assertThat(upper.of(container, "write").sum("bytes")).isEqualTo(5 * 4096);
        assertThat(volume.of(container, "fsync").count()).isEqualTo(2);
        assertThat(volume.of(container, "write").count()).isEqualTo(7);
        assertThat(volume.of(container, "write").sum("bytes")).isEqualTo(7 * 4096);

        assertThat(report.slow()).hasSize(3 + 5 + 2 + 7).allSatisfy(line -> {
            assertThat(line.text("container")).isEqualTo(container);
            assertThat(line.text("comm")).isEqualTo("workload");
            assertThat(line.number("pid")).isPositive().isEqualTo(line.number("tid"));
        });
        assertThat(report.slow().stream().filter(line -> line.is("operation", "write") && line.is("file", "/etc/own")))
                .extracting(line -> line.number("offset"), line -> line.number("bytes"))
                .containsExactlyInAnyOrder(offset(0), offset(1), offset(2), offset(3), offset(4));
        assertThat(report.slow().stream().filter(line -> line.is("operation", "write") && line.is("file", "/data/own")))
                .extracting(line -> line.number("offset"), line -> line.number("bytes"))
                .containsExactlyInAnyOrder(offset(0), offset(1), offset(2), offset(3), offset(4), offset(5), offset(6));
        assertThat(report.slow().stream().filter(line -> line.is("kind", "fsync")))
                .hasSize(3)
                .allSatisfy(line -> {
                    assertThat(line.text("file")).isEqualTo("/etc/own");
                    assertThat(line.number("phases.underlying"))
                            .isPositive()
                            .isLessThanOrEqualTo(line.number("latency_ns"));
                });
        assertThat(report.slow().stream().filter(line -> line.is("kind", "fdatasync")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.text("file")).isEqualTo("/data/own"));
    }

    private static org.assertj.core.groups.Tuple offset(long block) {
        return org.assertj.core.groups.Tuple.tuple(block * 4096, 4096L);
    }
}
