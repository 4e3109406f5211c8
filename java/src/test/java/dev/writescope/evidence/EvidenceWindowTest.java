package dev.writescope.evidence;

import static dev.writescope.evidence.FakeTargets.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.writescope.bpf.FileStatus;
import dev.writescope.container.Container;
import dev.writescope.container.ContainerCgroup;
import dev.writescope.container.FakeHost;
import dev.writescope.container.HostPaths;
import dev.writescope.container.IdSpace;
import dev.writescope.container.MountClass;
import dev.writescope.evidence.Evidence.DeletedFile;
import dev.writescope.evidence.Evidence.Journal;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host of plain files, with a container that has an overlay and a volume on an ext4 with a journal. */
class EvidenceWindowTest {
    private static final String MOUNTS = """
            71 70 0:53 / / rw,relatime - overlay overlay rw,lowerdir=/l,upperdir=/upper,workdir=/w
            72 71 7:3 /volumes/db /data rw,noatime - ext4 /dev/loop3 rw
            73 71 7:3 /etc/hosts /etc/hosts rw - ext4 /dev/loop3 rw
            74 71 0:55 / /dev rw - tmpfs tmpfs rw
            75 71 0:56 / /tmp rw - tmpfs tmpfs rw
            76 71 7:3 / /etc/ssl ro,relatime - ext4 /dev/loop3 rw
            77 71 0:57 / /proc rw - proc proc rw
            """;

    @TempDir
    Path root;

    @SuppressWarnings("NullAway.Init")
    private FakeHost host;

    @BeforeEach
    void host() throws IOException {
        host = new FakeHost(root)
                .process(7, 41, MOUNTS)
                .file("proc/diskstats", "7 3 loop3 1 0 8 5 2 0 16 3 0 10 8 0 0 0 0 0 0\n")
                .file("proc/vmstat", "nr_dirty 17\nnr_writeback 3\nnr_dirty_threshold 7919\n")
                .file("proc/sys/vm/dirty_ratio", "20\n")
                .file("proc/sys/vm/dirtytime_expire_seconds", "43200\n")
                .file("proc/fs/ext4/loop3/options", "rw\ndelalloc\ndata=ordered\ncommit=5\n")
                .file("proc/fs/ext4/loop3/fc_info", "fc stats:\n3 commits\n0 ineligible\n")
                .file("proc/fs/jbd2/loop3-8/info", journal(100, 90, 36_670))
                .file("sys/fs/ext4/loop3/errors_count", "13\n")
                .file("proc/self/mountinfo", "23 1 7:3 / /var rw - ext4 /dev/loop3 rw\n")
                .file("upper/etc/passwd", "root")
                .file("proc/7/root/data/file", "x");
    }

    private static String journal(int commits, int requested, int micros) {
        return """
                %d transactions (%d requested), each up to 8192 blocks
                average:
                  0ms waiting for transaction
                  17ms running transaction
                  %dus average transaction commit time
                  2 handles per transaction
                """.formatted(commits, requested, micros);
    }

    private List<ContainerCgroup> cgroups() {
        host.cgroup("unified", "/db", 7);
        return List.of(
                FakeTargets.cgroup(host, DB, IdSpace.TASK, true, "/db"),
                FakeTargets.cgroup(host, DB, IdSpace.BLOCK, true, "/db"));
    }

    private EvidenceWindow open() {
        return new EvidenceWindow(host.paths(), this::cgroups, List.of(DB), WalkLimits.DEFAULT);
    }

    private Evidence finish() {
        try (EvidenceWindow window = open()) {
            return window.finish(List.of(DB));
        }
    }

    @Test
    void mounts_are_those_that_hold_data_of_the_container() throws IOException {
        Evidence evidence = finish();
        assertThat(evidence.mounts()).extracting(facts -> facts.mount().point()).containsExactly("/", "/data", "/tmp");
        assertThat(evidence.mounts())
                .extracting(Evidence.MountFacts::mountClass)
                .containsExactly(MountClass.UPPERDIR, MountClass.VOLUME, MountClass.TMPFS);
        assertThat(evidence.mounts())
                .extracting(Evidence.MountFacts::realDevice)
                .containsExactly(FileStatus.of(root.resolve("upper")).device(), "7:3", "0:56");
    }

    /** As below a subvolume of btrfs, for which statx has a device that mountinfo has not. */
    @Test
    void the_device_below_an_overlay_is_that_of_the_mount_its_upperdir_is_on() throws IOException {
        FileStatus upper = FileStatus.of(root.resolve("upper"));
        assumeThat(upper.mountId()).as("Linux 5.8").isPositive();
        host.file("proc/self/mountinfo", upper.mountId() + " 1 0:7919 / /var rw - btrfs /dev/loop3 rw\n");
        Evidence evidence = finish();
        assertThat(evidence.mounts().getFirst().realDevice())
                .isEqualTo("0:7919")
                .isNotEqualTo(upper.device());
        assertThat(evidence.fileSystems())
                .filteredOn(facts -> facts.device().equals("0:7919"))
                .extracting(Evidence.FileSystemFacts::fstype)
                .containsExactly("btrfs");
        assertThat(evidence.missing()).noneMatch(each -> each.contains("below an overlay"));
    }

    @Test
    void mounts_of_all_containers_together_are_limited() {
        List<ContainerCgroup> cgroups = new ArrayList<>();
        List<Container> containers = new ArrayList<>();
        for (int pid = 101; pid <= 133; pid++) {
            StringBuilder mounts = new StringBuilder();
            for (int id = 1; id <= 257; id++) {
                mounts.append(id).append(" 71 7:3 / /data").append(id).append(" rw - ext4 /dev/loop3 rw\n");
            }
            host.process(pid, pid, mounts.toString()).cgroup("unified", "/" + pid, pid);
            Container container = FakeTargets.container("c" + pid);
            containers.add(container);
            cgroups.add(FakeTargets.cgroup(host, container, IdSpace.TASK, true, "/" + pid));
        }
        Missing missing = new Missing();
        assertThat(new ContainerMounts(host.paths(), missing).read(Target.of(containers, cgroups)))
                .hasSize(ContainerMounts.MAX_LISTED);
        assertThat(missing.list()).containsExactly("mounts: more than 8192: the rest is left out");
    }

    @Test
    void a_file_system_is_told_with_its_own_options_journal_and_errors() {
        try (EvidenceWindow window = open()) {
            host.file("proc/fs/jbd2/loop3-8/info", journal(117, 101, 4_099))
                    .file("proc/fs/ext4/loop3/fc_info", "fc stats:\n8 commits\n");
            Evidence evidence = window.finish(List.of(DB));
            assertThat(evidence.fileSystems())
                    .filteredOn(facts -> facts.device().equals("7:3"))
                    .singleElement()
                    .satisfies(facts -> {
                        assertThat(facts.options()).isEqualTo("rw,delalloc,data=ordered,commit=5");
                        assertThat(facts.journal()).isEqualTo(new Journal(17, 11, 4.099, 5));
                        assertThat(facts.source()).isEqualTo("/dev/loop3");
                        assertThat(facts.errors()).isEqualTo(13);
                        assertThat(facts.totalBytes()).isPositive();
                    });
        }
    }

    @Test
    void dirty_memory_is_the_most_that_was_seen() {
        try (EvidenceWindow window = open()) {
            host.file("proc/vmstat", "nr_dirty 7919\nnr_writeback 61\nnr_dirty_threshold 10007\n");
            window.sample();
            host.file("proc/vmstat", "nr_dirty 13\nnr_writeback 0\nnr_dirty_threshold 10007\n");
            Evidence.DirtyMemory dirty = window.finish(List.of(DB)).dirty();
            assertThat(dirty.dirtyBytes()).isEqualTo(7919 * 4096);
            assertThat(dirty.writebackBytes()).isEqualTo(61 * 4096);
            assertThat(dirty.thresholdBytes()).isEqualTo(10_007 * 4096);
            assertThat(dirty.settings())
                    .containsOnly(Map.entry("vm.dirty_ratio", "20"), Map.entry("vm.dirtytime_expire_seconds", "43200"));
        }
    }

    @Test
    void what_is_no_file_without_a_name_is_no_deleted_file() throws IOException {
        Path descriptors = host.directory("proc/7/fd");
        // This one is only called so, and has a link.
        Files.createSymbolicLink(descriptors.resolve("3"), Files.createFile(root.resolve("log (deleted)")));
        Files.createSymbolicLink(descriptors.resolve("4"), Files.createFile(root.resolve("log")));
        Files.createSymbolicLink(descriptors.resolve("5"), Path.of("/memfd:pulse (deleted)"));
        Files.createSymbolicLink(descriptors.resolve("6"), Path.of("socket:[7919]"));
        assertThat(finish().deleted()).isEmpty();
    }

    @Test
    void a_real_process_with_a_deleted_file_is_found_by_its_descriptors() throws IOException {
        Path file = Files.createTempFile(root, "grows", ".log");
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.write(new byte[8192]);
            var self = Map.of((int) ProcessHandle.current().pid(), DB);
            Missing missing = new Missing();
            var real = new HostPaths(Path.of("/"));
            DeletedFileScan scan = new DeletedFileScan(real, self, missing);
            Files.delete(file);
            open.write(new byte[65_536]);
            List<DeletedFile> found = scan.finish(self);
            assertThat(found)
                    .filteredOn(each -> each.file().equals(file.toString()))
                    .singleElement()
                    .satisfies(each -> {
                        assertThat(each.startBytes()).isBetween(8192L, 65_535L);
                        assertThat(each.endBytes() - each.startBytes()).isGreaterThanOrEqualTo(61_440);
                        assertThat(each.container()).isEqualTo(DB);
                    });
            assertThat(missing.list()).isEmpty();
        }
    }

    /** A limit that is reached before the second process is looked at. */
    @Test
    void of_a_process_that_was_not_looked_at_in_the_beginning_no_file_grew() throws IOException {
        Path file = Files.createTempFile(root, "held", ".log");
        Path web = host.directory("proc/7/fd");
        for (int i = 0; i < 5; i++) {
            Files.createSymbolicLink(web.resolve(Integer.toString(i)), Files.createFile(root.resolve("web" + i)));
        }
        try (FileInputStream open = new FileInputStream(file.toFile())) {
            Files.write(file, new byte[65_536]);
            Path held = ownDescriptor(file);
            Files.delete(file);
            Path deleted = Files.createSymbolicLink(root.resolve("held.log (deleted)"), held);
            Map<Integer, Container> both = new LinkedHashMap<>();
            both.put(7, FakeTargets.container("web"));
            both.put(13, DB);
            DeletedFileScan cut = new DeletedFileScan(host.paths(), both, new Missing(), 3);
            DeletedFileScan whole = new DeletedFileScan(host.paths(), both, new Missing(), 100);
            Files.createSymbolicLink(host.directory("proc/13/fd").resolve("3"), deleted);
            assertThat(open.available()).isEqualTo(65_536);
            assertThat(cut.finish(Map.of(13, DB)))
                    .singleElement()
                    .satisfies(found -> assertThat(found.startBytes()).isEqualTo(found.endBytes()));
            assertThat(whole.finish(Map.of(13, DB)))
                    .singleElement()
                    .extracting(DeletedFile::startBytes)
                    .isEqualTo(0L);
        }
    }

    private static Path ownDescriptor(Path file) throws IOException {
        try (Stream<Path> descriptors =
                Files.list(Path.of("/proc/" + ProcessHandle.current().pid() + "/fd"))) {
            return descriptors.filter(each -> leadsTo(each, file)).findFirst().orElseThrow();
        }
    }

    private static boolean leadsTo(Path link, Path file) {
        try {
            return Files.readSymbolicLink(link).equals(file);
        } catch (IOException closed) {
            return false;
        }
    }

    @Test
    void the_start_alone_has_how_everything_is_set() {
        try (EvidenceWindow window = open()) {
            Evidence start = window.atStart();
            assertThat(start.duration()).isEqualTo(Duration.ZERO);
            assertThat(start.mounts()).hasSize(3);
            assertThat(start.fileSystems()).isNotEmpty();
            assertThat(start.devices())
                    .singleElement()
                    .satisfies(load -> assertThat(load.utilisation()).isZero());
            assertThat(start.upperDirectories()).isEmpty();
        }
    }

    @Test
    void when_it_comes_to_the_walks_all_else_is_known() {
        try (EvidenceWindow window = open()) {
            Evidence all = window.finish(List.of(DB));
            assertThat(window.step()).isEqualTo("writable layers");
            assertThat(all.upperDirectories()).hasSize(1);
            assertThat(window.known())
                    .usingRecursiveComparison()
                    .ignoringFields("upperDirectories")
                    .isEqualTo(all);
        }
    }

    @Test
    void a_container_that_ended_in_the_window_keeps_what_was_seen_of_it() {
        try (EvidenceWindow window = new EvidenceWindow(
                host.paths(),
                new ArrayDeque<>(List.of(cgroups(), List.<ContainerCgroup>of()))::remove,
                List.of(DB),
                WalkLimits.DEFAULT)) {
            Evidence evidence = window.finish(List.of(DB));
            assertThat(evidence.mounts()).hasSize(3);
            assertThat(evidence.limits()).isEmpty();
        }
    }

    @Test
    void of_an_empty_host_all_that_is_missing_is_named(@TempDir Path nothing) {
        FakeHost empty = new FakeHost(nothing);
        try (EvidenceWindow window = new EvidenceWindow(empty.paths(), List::of, List.of(DB), WalkLimits.DEFAULT)) {
            window.sample();
            Evidence evidence = window.finish(List.of(DB));
            assertThat(evidence.devices()).isEmpty();
            assertThat(evidence.missing())
                    .anyMatch(each -> each.startsWith("kernel log: "))
                    .anyMatch(each -> each.startsWith("devices: "))
                    .anyMatch(each -> each.startsWith("dirty memory: "))
                    .anyMatch(each -> each.startsWith("pressure of host: "));
        }
    }
}
