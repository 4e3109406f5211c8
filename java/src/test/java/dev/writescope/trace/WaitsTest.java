package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.writescope.probe.ActivityRecord;
import dev.writescope.probe.Backend;
import dev.writescope.probe.CommitRecord;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Wait;
import dev.writescope.probe.Wait.Cause;
import dev.writescope.probe.WaitRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operations wait for, by real programs on file systems in memory. */
class WaitsTest {

    private static void appendAndSync(String file, int times) {
        Commands.run("sh", "-c", """
                for i in $(seq %d); do
                    dd if=/dev/zero of='%s' bs=4096 count=1 oflag=append conv=notrunc,fsync status=none
                done""".formatted(times, file));
    }

    private static void fio(String... options) {
        String[] command = new String[options.length + 4];
        command[0] = "fio";
        command[1] = "--name=waits";
        command[2] = "--thread";
        command[3] = "--output-format=terse";
        System.arraycopy(options, 0, command, 4, options.length);
        Commands.run(command);
    }

    private static long sum(WaitRecord record) {
        return record.runnableNs() + record.waits().stream().mapToLong(Wait::ns).sum();
    }

    private static long of(WaitRecord record, Cause cause) {
        return record.waits().stream()
                .filter(wait -> wait.cause() == cause)
                .mapToLong(Wait::ns)
                .sum();
    }

    private static void assertWhole(WaitTrace trace) {
        assertThat(trace.lost).isZero();
        assertThat(trace.lostParts).isZero();
        assertThat(trace.operations).hasSize(trace.waits.size() + trace.ran);
        assertThat(trace.waits).allSatisfy(each -> {
            assertThat(sum(each)).isBetween(0L, each.latencyNs());
            assertThat(each.waits()).allSatisfy(wait -> {
                assertThat(wait.endNs()).isBetween(each.endNs() - each.latencyNs(), each.endNs());
                assertThat(wait.times()).isPositive();
            });
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"TP_BTF", "RAW_TP"})
    void an_fsync_of_new_data_on_ext4_waits_for_a_commit_that_was_seen(Backend backend) throws Exception {
        try (TestDisk disk = TestDisk.make("ext4", 64);
                WaitTrace trace = new WaitTrace(Long.MAX_VALUE, backend)) {
            long before = disk.transactions();
            appendAndSync(disk.file("log"), 17);
            Commands.run("sync", "-f", disk.mountPoint().toString());
            trace.stop();
            assertWhole(trace);
            List<CommitRecord> commits = trace.commits.stream()
                    .filter(each -> each.device() == disk.device())
                    .toList();
            assertThat(commits)
                    .hasSize((int) (disk.transactions() - before))
                    .allSatisfy(each -> assertThat(
                                    List.of(each.startNs(), each.flushingNs(), each.loggingNs(), each.endNs()))
                            .isSorted());
            List<WaitRecord> syncs = trace.on(disk.device(), Kind.FSYNC);
            // One may find that all it needs is durable, as when somebody syncs every disk of this host meanwhile.
            assertThat(syncs)
                    .hasSize(17)
                    .filteredOn(sync -> !sync.waits().isEmpty())
                    .hasSizeGreaterThan(11)
                    .allSatisfy(sync -> {
                        assertThat(of(sync, Cause.COMMIT)).isPositive();
                        assertThat(sync.underlyingNs()).isZero();
                        assertThat(commits)
                                .anyMatch(commit -> commit.endNs() > sync.endNs() - sync.latencyNs()
                                        && commit.endNs() < sync.endNs());
                    });
        }
    }

    @Test
    void a_synchronous_write_and_the_sync_in_it_both_have_what_happened_in_them() throws Exception {
        try (TestDisk disk = TestDisk.make("ext4", 64);
                WaitTrace trace = new WaitTrace(Long.MAX_VALUE)) {
            Commands.run(
                    "dd",
                    "if=/dev/zero",
                    "of=" + disk.file("journal"),
                    "bs=4096",
                    "count=13",
                    "oflag=dsync",
                    "status=none");
            trace.stop();
            assertWhole(trace);
            List<WaitRecord> writes = trace.on(disk.device(), Kind.SYNCHRONOUS);
            List<WaitRecord> syncs = trace.on(disk.device(), Kind.OSYNC);
            assertThat(syncs).hasSize(13);
            assertThat(writes).hasSize(13);
            for (int i = 0; i < 13; i++) {
                assertThat(of(writes.get(i), Cause.COMMIT)).isPositive().isEqualTo(of(syncs.get(i), Cause.COMMIT));
                assertThat(sum(writes.get(i))).isGreaterThanOrEqualTo(sum(syncs.get(i)));
            }
        }
    }

    @Test
    void who_writes_new_blocks_of_the_same_file_waits_for_its_lock_and_direct_writes_for_their_data() throws Exception {
        try (TestDisk disk = TestDisk.make("ext4", 64);
                WaitTrace trace = new WaitTrace(Long.MAX_VALUE)) {
            // ext4 keeps the file's lock while a direct write that allocates is on its way.
            fio(
                    "--filename=" + disk.file("shared"),
                    "--size=8m",
                    "--rw=randwrite",
                    "--bs=64k",
                    "--direct=1",
                    "--fallocate=none",
                    "--numjobs=3");
            trace.stop();
            assertWhole(trace);
            Map<Cause, Long> direct = WaitTrace.byCause(trace.on(disk.device(), Kind.DIRECT));
            assertThat(direct.getOrDefault(Cause.DATA, 0L)).isPositive();
            assertThat(direct.getOrDefault(Cause.LOCK, 0L)).isPositive();
            assertThat(trace.requests.stream().filter(each -> each.device() == disk.device()))
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(each.endNs()).isGreaterThanOrEqualTo(each.startNs()))
                    .filteredOn(each -> each.issueNs() != 0)
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(each.issueNs()).isBetween(each.startNs(), each.endNs()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs"})
    void nearly_all_waits_have_a_cause(String type) throws Exception {
        try (TestDisk disk = TestDisk.make(type, 320);
                WaitTrace trace = new WaitTrace(Long.MAX_VALUE)) {
            fio(
                    "--directory=" + disk.mountPoint(),
                    "--size=2m",
                    "--rw=write",
                    "--bs=4k",
                    "--fsync=1",
                    "--numjobs=2",
                    "--number_ios=101");
            Commands.run("sync", "-f", disk.mountPoint().toString());
            trace.stop();
            assertWhole(trace);
            Map<Cause, Long> causes = WaitTrace.byCause(trace.on(disk.device()));
            long all = causes.values().stream().mapToLong(Long::longValue).sum();
            assertThat(all).isPositive();
            assertThat(causes.getOrDefault(Cause.OTHER, 0L)).isLessThan(all / 10);
        }
    }

    @Test
    void on_tmpfs_nothing_is_waited_for() throws Exception {
        Path file = Files.createTempFile(Path.of("/dev/shm"), "writescope-waits", null);
        try (WaitTrace trace = new WaitTrace(Long.MAX_VALUE)) {
            appendAndSync(file.toString(), 7);
            trace.stop();
            assertWhole(trace);
            String path = "/" + file.getFileName();
            long syncs = trace.activity.stream()
                    .filter(each -> each.path().equals(path) && each.kind() == Kind.FSYNC.code())
                    .mapToLong(ActivityRecord::count)
                    .sum();
            assertThat(syncs).isEqualTo(7);
            assertThat(trace.on(TestDisk.device(file), Kind.FSYNC))
                    .hasSizeGreaterThanOrEqualTo(7)
                    .allSatisfy(each -> assertThat(each.waits()).isEmpty());
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void activity_is_what_the_program_did_to_the_file() throws Exception {
        try (TestDisk disk = TestDisk.make("ext4", 64);
                WaitTrace trace = new WaitTrace(Long.MAX_VALUE)) {
            Files.createDirectory(disk.mountPoint().resolve("logs"));
            Commands.run(
                    "dd",
                    "if=/dev/zero",
                    "of=" + disk.file("logs/access"),
                    "bs=4096",
                    "count=101",
                    "conv=fsync",
                    "status=none");
            trace.stop();
            Object inode = Files.getAttribute(disk.mountPoint().resolve("logs/access"), "unix:ino");
            List<ActivityRecord> activity = trace.activity.stream()
                    .filter(each -> each.device() == disk.device())
                    .toList();
            assertThat(activity).hasSize(2).allSatisfy(each -> {
                assertThat(each.comm()).isEqualTo("dd");
                assertThat(each.path()).isEqualTo("/logs/access");
                assertThat(each.inode()).isEqualTo(inode);
                assertThat(each.totalNs()).isPositive();
            });
            assertThat(activity)
                    .extracting(ActivityRecord::kind, ActivityRecord::count, ActivityRecord::bytes)
                    .containsExactlyInAnyOrder(
                            tuple(Kind.BUFFERED.code(), 101L, 101L * 4096), tuple(Kind.FSYNC.code(), 1L, 0L));
        }
    }

    @Test
    void of_many_files_none_is_left_out() throws Exception {
        Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "writescope-waits");
        try (WaitTrace trace = new WaitTrace(Long.MAX_VALUE)) {
            for (int i = 0; i < 3001; i++) {
                Files.write(directory.resolve("file-" + i), new byte[17]);
            }
            trace.stop();
            int device = TestDisk.device(directory);
            assertThat(trace.activity.stream()
                            .filter(each -> each.device() == device && each.bytes() == 17)
                            .filter(each ->
                                    each.pid() == ProcessHandle.current().pid()))
                    .hasSize(3001);
        } finally {
            Commands.run("rm", "-r", directory.toString());
        }
    }

    private static void syncTemporaryFiles(Path directory, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            Path file = directory.resolve("temporary-" + i);
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(17));
                channel.force(true);
            }
            Files.delete(file);
        }
    }

    private static void assertTemporaryFiles(WaitTrace trace, int device, int times) {
        List<ActivityRecord> syncs = trace.activity.stream()
                .filter(each -> each.device() == device && each.kind() == Kind.FSYNC.code())
                .toList();
        // The numbers of inodes that are gone are used again.
        assertThat(syncs.stream().map(ActivityRecord::inode).distinct()).hasSizeLessThan(times / 2);
        assertThat(syncs)
                .allSatisfy(each -> assertThat(each.count()).isEqualTo(1))
                .extracting(ActivityRecord::path)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, times)
                        .mapToObj(i -> "/temporary-" + i)
                        .toList());
        assertThat(trace.lostActivity).isZero();
    }

    @Test
    void a_file_is_not_taken_for_one_that_had_its_inode_before() throws Exception {
        try (TestDisk disk = TestDisk.make("ext4", 64);
                WaitTrace trace = new WaitTrace(Long.MAX_VALUE)) {
            syncTemporaryFiles(disk.mountPoint(), 101);
            trace.stop();
            assertTemporaryFiles(trace, disk.device(), 101);
        }
    }

    /** All its layers are on one disk. */
    private static Path overlay(Path disk) throws IOException {
        for (String directory : List.of("lower", "upper", "work", "merged")) {
            Files.createDirectory(disk.resolve(directory));
        }
        Path merged = disk.resolve("merged");
        Commands.run(
                "mount",
                "-t",
                "overlay",
                "overlay",
                "-o",
                "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(disk),
                merged.toString());
        return merged;
    }

    @Test
    void nor_is_one_on_overlay() throws Exception {
        try (TestDisk disk = TestDisk.make("ext4", 64)) {
            Path merged = overlay(disk.mountPoint());
            try (WaitTrace trace = new WaitTrace(Long.MAX_VALUE)) {
                syncTemporaryFiles(merged, 53);
                trace.stop();
                assertTemporaryFiles(trace, TestDisk.device(merged), 53);
            } finally {
                Commands.run("umount", merged.toString());
            }
        }
    }

    @Test
    void an_fsync_on_overlay_says_which_device_is_below_it_and_slow_ones_have_their_path() throws Exception {
        try (TestDisk disk = TestDisk.make("ext4", 64)) {
            Path merged = overlay(disk.mountPoint());
            try (WaitTrace trace = new WaitTrace(1)) {
                appendAndSync(merged.resolve("state").toString(), 5);
                trace.stop();
                assertWhole(trace);
                int overlay = TestDisk.device(merged);
                assertThat(trace.on(overlay, Kind.FSYNC)).hasSize(5).allSatisfy(each -> {
                    assertThat(each.device()).isEqualTo(overlay);
                    assertThat(each.realDevice()).isEqualTo(disk.device());
                    assertThat(each.underlyingNs()).isBetween(of(each, Cause.COMMIT), each.latencyNs());
                    assertThat(of(each, Cause.COMMIT)).isPositive();
                });
                assertThat(trace.slow.stream()
                                .filter(each -> each.device() == overlay && each.kind() == Kind.FSYNC.code()))
                        .hasSize(5)
                        .allSatisfy(each -> assertThat(each.path()).isEqualTo("/state"));
            } finally {
                Commands.run("umount", merged.toString());
            }
        }
    }

    @Test
    void opening_a_file_of_a_lower_layer_for_writing_copies_it_up() throws Exception {
        try (TestDisk disk = TestDisk.make("ext4", 64)) {
            Path merged = disk.mountPoint().resolve("merged");
            for (String directory : List.of("lower", "upper", "work", "merged")) {
                Files.createDirectory(disk.mountPoint().resolve(directory));
            }
            Files.write(disk.mountPoint().resolve("lower/model"), new byte[8_000_009]);
            Commands.run(
                    "mount",
                    "-t",
                    "overlay",
                    "overlay",
                    "-o",
                    "lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work".formatted(disk.mountPoint()),
                    merged.toString());
            try (WaitTrace trace = new WaitTrace(1)) {
                String file = merged.resolve("model").toString();
                Commands.run("sh", "-c", "cat '%1$s' >/dev/null; echo >>'%1$s'; echo >>'%1$s'".formatted(file));
                Commands.run("sh", "-c", "echo >'%s/new'".formatted(merged));
                trace.stop();
                assertWhole(trace);
                int overlay = TestDisk.device(merged);
                assertThat(trace.on(overlay, Kind.COPY_UP)).hasSize(1).allSatisfy(each -> {
                    assertThat(each.realDevice()).isEqualTo(disk.device());
                    assertThat(of(each, Cause.COPY_UP)).isPositive();
                });
                assertThat(trace.operations)
                        .filteredOn(each -> each.kind() == Kind.COPY_UP)
                        .singleElement()
                        .satisfies(each -> assertThat(each.bytes()).isEqualTo(8_000_009));
                assertThat(trace.slow.stream().filter(each -> each.kind() == Kind.COPY_UP.code()))
                        .singleElement()
                        .satisfies(each -> assertThat(each.path()).isEqualTo("/model"));
            } finally {
                Commands.run("umount", merged.toString());
            }
        }
    }
}
