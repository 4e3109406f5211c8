package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.LoopDisk;
import dev.writescope.stage.SharedStage;
import dev.writescope.stage.Volume;
import dev.writescope.trace.Report.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every call of the write path is counted once, as what it is; nothing else is. */
@ExtendWith(SharedStage.class)
class FamilyTest {
    private final ContainerStage stage;
    private final Workload workload;
    private final String container = "family-" + ProcessHandle.current().pid();
    private final List<Path> mounted = new ArrayList<>();

    FamilyTest(ContainerStage stage) {
        this.stage = stage;
        this.workload = Workload.on(stage);
    }

    @AfterEach
    void stop() {
        stage.stop(container);
        for (Path mount : mounted) {
            Commands.run("umount", mount.toString());
        }
    }

    private void run(Volume... volumes) {
        var all = new ArrayList<>(List.of(volumes));
        all.add(workload.volume());
        stage.run(container, all, "sleep", "600");
    }

    private Path mount(String name, String... command) throws IOException {
        Path mount = Files.createDirectories(stage.directory().resolve("mounts").resolve(name));
        var all = new ArrayList<>(List.of(command));
        all.add(mount.toString());
        Commands.run(all.toArray(String[]::new));
        mounted.add(mount);
        return mount;
    }

    private Writescope trace() {
        return Writescope.trace("-c", container, "--op", "fsync,write", "--by", "mount,kind");
    }

    /** "operation:kind", as the JSON lines name them. */
    private Map<String, Long> counts(Rows rows) {
        var counts = new TreeMap<String, Long>();
        for (JsonLine row : rows.lines()) {
            assertThat(row.text("container")).isEqualTo(container);
            counts.merge(row.text("operation") + ":" + row.text("kind"), row.number("count"), Long::sum);
        }
        return counts;
    }

    private static void assertQuiet(Report report) {
        assertThat(report.lost()).isZero();
        assertThat(report.errors()).isEmpty();
        assertThat(report.status()).isZero();
    }

    @Test
    void each_call_on_ext4_counts_as_its_kind() {
        LoopDisk disk = stage.disk("family", "64M");
        run(disk.at("/data"));
        Report report;
        try (var trace = trace()) {
            String file = "/data/file";
            workload.run(container, file, "create", "write=101", "pwrite64=103", "writev=107", "pwritev=109");
            workload.run(container, file, "-", "pwritev2=113", "fsync=2", "fdatasync=3", "sync_file_range=5");
            workload.run(container, file, "-", "syncfs=7", "sync=11", "msync=13", "msync-async=17");
            workload.run(container, file, "-", "pwritev2-dsync=19");
            workload.run(container, file, "sync", "write=23");
            workload.run(container, file, "dsync", "pwrite64=29");
            workload.run(container, file, "direct", "pwrite64=31");
            workload.run(container, "/data", "directory", "fsync=37");
            report = trace.stop();
        }
        assertQuiet(report);
        assertThat(counts(report.totals()))
                .isEqualTo(Map.of(
                        "write:buffered", 101L + 103 + 107 + 109 + 113,
                        "write:sync", 19L + 23 + 29,
                        "write:direct", 31L,
                        "fsync:osync", 19L + 23 + 29, // a part of the writes, and an fsync for all who wait for it
                        "fsync:fsync", 2L + 37,
                        "fsync:fdatasync", 3L,
                        "fsync:sync_file_range", 5L,
                        "fsync:syncfs", 7L,
                        "fsync:sync", 11L,
                        "fsync:msync", 13L)); // and none for MS_ASYNC, which does nothing
        assertThat(report.totals().where("operation", "write").sum("bytes"))
                .isEqualTo(4096L * (101 + 103 + 107 + 109 + 113 + 19 + 23 + 29 + 31));
        assertThat(report.totals()
                        .where(line -> !line.is("kind", "sync") || line.is("operation", "write"))
                        .lines())
                .allSatisfy(line -> {
                    assertThat(line.text("mount")).isEqualTo("/data");
                    assertThat(line.text("mount_class")).isEqualTo("volume");
                    assertThat(line.text("fstype")).isEqualTo("ext4");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"xfs", "btrfs", "tmpfs", "overlay"})
    void calls_on_other_file_systems_count_as_well(String fstype) throws Exception {
        String file = "/data/file";
        if (fstype.equals("overlay")) {
            run();
        } else if (fstype.equals("tmpfs")) {
            run(new Volume(mount(fstype, "mount", "-t", "tmpfs", "-o", "size=16m", "none"), "/data"));
        } else {
            Path image = stage.directory().resolve("disks").resolve(fstype + ".img");
            Commands.run("truncate", "-s", "320M", image.toString());
            Commands.run("mkfs." + fstype, "-q", image.toString());
            run(new Volume(mount(fstype, "mount", "-t", fstype, "-o", "loop", image.toString()), "/data"));
        }
        Report report;
        try (var trace = trace()) {
            workload.run(container, file, "create", "write=101", "pwritev2=103", "fsync=7", "fdatasync=11");
            workload.run(container, file, "dsync", "write=13");
            workload.run(container, file, "-", "msync=17", "syncfs=3");
            report = trace.stop();
        }
        assertQuiet(report);
        Map<String, Long> counts = counts(report.totals());
        // Where the file system has no tracepoints of its own, the sync part of a write is not seen; start says so.
        counts.remove("fsync:osync");
        assertThat(counts)
                .isEqualTo(Map.of(
                        "write:buffered", 204L,
                        "write:sync", 13L,
                        "fsync:fsync", 7L,
                        "fsync:fdatasync", 11L,
                        "fsync:msync", 17L,
                        "fsync:syncfs", 3L));
        assertThat(report.totals().where("operation", "write").lines()).allSatisfy(line -> {
            assertThat(line.text("fstype")).isEqualTo(fstype);
            assertThat(line.text("mount")).isEqualTo(fstype.equals("overlay") ? "/" : "/data");
        });
    }

    @Test
    void calls_of_32_bit_programs_count() {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "only x86 calls both ways from one program");
        LoopDisk disk = stage.disk("family32", "16M");
        run(disk.at("/data"));
        Report report;
        try (var trace = trace()) {
            workload.run(container, "/data/file", "create", "write32=101", "fsync32=7", "fdatasync32=11");
            report = trace.stop();
        }
        assertQuiet(report);
        assertThat(counts(report.totals()))
                .isEqualTo(Map.of("write:buffered", 101L, "fsync:fsync", 7L, "fsync:fdatasync", 11L));
        assertThat(report.totals().where("operation", "write").sum("bytes")).isEqualTo(101 * 4096L);
    }

    @Test
    void what_is_no_regular_file_does_not_count() {
        run();
        Report report;
        try (var trace = trace()) {
            workload.run(container, "pipe", "-", "write=13"); // not more than its buffer has room for
            workload.run(container, "socket", "-", "write=17", "writev=19");
            workload.run(container, "/dev/null", "-", "write=101", "pwritev=103");
            workload.run(container, "/dev/ptmx", "-", "tiny=23");
            workload.run(container, "/proc/self/comm", "-", "tiny=107");
            assertThat(workload.runWithFailures(container, "none", "-", "write=109", "fsync=29", "fdatasync=31"))
                    .isEqualTo(169);
            workload.run(container, "/tmp/seen", "create", "write=2");
            report = trace.stop();
        }
        assertQuiet(report);
        assertThat(counts(report.totals())).isEqualTo(Map.of("write:buffered", 2L));
    }

    @Test
    void writes_that_fail_count_as_errors_without_bytes() throws Exception {
        run(new Volume(mount("tiny", "mount", "-t", "tmpfs", "-o", "size=64k", "none"), "/tiny"));
        Report report;
        try (var trace = trace()) {
            assertThat(workload.runWithFailures(container, "/tiny/file", "create", "write=23"))
                    .isEqualTo(23 - 16);
            report = trace.stop();
        }
        assertQuiet(report);
        assertThat(report.totals().lines()).singleElement().satisfies(line -> {
            assertThat(line.number("count")).isEqualTo(23);
            assertThat(line.number("errors")).isEqualTo(23 - 16);
            assertThat(line.number("bytes")).isEqualTo(16 * 4096);
            assertThat(line.text("mount")).isEqualTo("/tiny");
        });
    }
}
