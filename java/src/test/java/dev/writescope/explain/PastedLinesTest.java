package dev.writescope.explain;

import static dev.writescope.explain.Situation.DB;
import static dev.writescope.explain.Situation.DISK;
import static dev.writescope.explain.Situation.ETL;
import static dev.writescope.explain.Situation.MIB;
import static dev.writescope.explain.Situation.MS;
import static dev.writescope.explain.SlowDisk.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.evidence.Evidence;
import dev.writescope.probe.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What remedies say is run as it is on a real disk, mounted where nobody else sees it, and has the effect that they claim. */
class PastedLinesTest {
    @TempDir
    Path directory;

    private String loop = "";
    private String number = "";

    @BeforeEach
    void disk() throws IOException {
        Path image = directory.resolve("image");
        shell("truncate -s 1G $0; mkfs.ext4 -q -F -J size=16 $0; mkdir \"$1/a b\" $1/other", image, directory);
        loop = shell("losetup --find --show $0", image).strip();
        number = Files.readString(Path.of("/sys/block", loop.substring("/dev/".length()), "dev"))
                .strip();
    }

    @AfterEach
    void detach() {
        shell("losetup --detach $0", loop);
    }

    /** With another mount of the same file system, as a container's volume is one. */
    private String mounted(String options, List<String> lines, String last) {
        return shell(
                """
                unshare --mount bash -ec '
                printf "%s %s/a\\\\\\\\040b ext4 %s 0 2\\n" "$0" "$1" "$2" >"$1/fstab"
                export LIBMOUNT_FSTAB=$1/fstab
                mount "$1/a b"
                mount --bind "$1/a b" "$1/other"
                eval "$3"
                eval "$4"' "$0" "$1" "$2" "$3" "$4"
                """,
                loop,
                directory,
                options,
                lines.stream()
                        .map(line -> line.replace("/dev/vdb", loop)
                                .replace("/ext4/vdb/", "/ext4/" + loop.substring("/dev/".length()) + "/"))
                        .collect(Collectors.joining("\n")),
                last);
    }

    private static Victim victim(Situation situation) {
        return new Victim(situation.observed(), DB, Operation.FSYNC);
    }

    @Test
    void noatime_reaches_every_mount_and_takes_no_protection_away() {
        Evidence.MountFacts strict = Situation.mount(DB, Situation.DATA, "rw", "", number);
        List<String> lines = MountOptions.noatime(strict).getFirst().lines();
        String mounts = mounted("nosuid,nodev,strictatime", lines.subList(0, 1), "findmnt -lno OPTIONS -S " + number);
        assertThat(mounts.lines()).hasSize(2).allMatch(options -> options.startsWith("rw,nosuid,nodev,noatime"));
    }

    @Test
    void data_is_written_back_without_order_after_the_lines_that_say_so() {
        List<String> lines = MountOptions.writeback(victim(Situation.calm().syncs(10, MS, Map.of())))
                .getFirst()
                .lines();
        assertThat(mounted("defaults", lines, "").lines()).last().isEqualTo("data=writeback");
    }

    @Test
    void the_journal_is_larger_and_the_file_system_mounted_again() {
        Situation small = Situation.calm().syncs(10, MS, Map.of());
        small.fileSystems.set(0, Situation.fileSystem("data=ordered", 1, 1, 65_536, 60_000));
        List<String> lines =
                MountOptions.largerJournal(victim(small)).getFirst().lines();
        String said = mounted(
                "defaults",
                lines,
                "dumpe2fs -h " + loop + " 2>/dev/null | grep -i 'journal size'; findmnt -no TARGET -S " + loop);
        assertThat(said).contains("16M").endsWith("64M\n" + directory + "/a b\n");
    }

    @Test
    void a_file_system_that_has_no_such_journal_gets_other_advice() {
        Situation xfs = Situation.calm().syncs(10, MS, Map.of());
        Evidence.FileSystemFacts ext4 = xfs.fileSystems.getFirst();
        for (String fstype : List.of("xfs", "btrfs")) {
            xfs.fileSystems.set(
                    0,
                    new Evidence.FileSystemFacts(
                            DISK, fstype, ext4.source(), "rw", null, ext4.totalBytes(), ext4.freeBytes(), 0, 0, 0));
            assertThat(MountOptions.largerJournal(victim(xfs)).toString()).doesNotContain("tune2fs", "e2fsck");
            assertThat(MountOptions.writeback(victim(xfs))).isEmpty();
        }
    }

    @Test
    void a_neighbour_is_limited_in_its_own_cgroup_and_a_limit_is_lifted_again() {
        boolean v1 = Files.exists(Path.of("/sys/fs/cgroup/blkio"));
        Path root = Path.of("/sys/fs/cgroup" + (v1 ? "/blkio" : ""));
        Path parent = root.resolve("pasted-" + ProcessHandle.current().pid());
        Path group = parent.resolve("crio-" + ETL.id() + ".scope");
        Path monitor = parent.resolve("crio-conmon-" + ETL.id() + ".scope");
        Path inner = group.resolve("container-" + ETL.id());
        shell(
                "mkdir $0 && if [[ $1 ]]; then echo +io >$1/cgroup.subtree_control; echo +io >$0/cgroup.subtree_control; fi",
                parent,
                v1 ? "" : root);
        shell("mkdir $0 $1 $2", monitor, group, inner);
        try {
            Situation situation = Situation.calm().syncs(10, MS, Map.of());
            situation.cgroupMode = v1 ? "hybrid" : "v2";
            Victim victim = victim(situation);
            run(Limits.onNeighbour(victim, ETL, victim.device(), 34 * MIB, 70 * MIB, false));
            Path file = group.resolve(v1 ? "blkio.throttle.write_bps_device" : "io.max");
            Path reads = group.resolve(v1 ? "blkio.throttle.read_bps_device" : "io.max");
            assertThat(file).content().startsWith(number + " ").contains(Long.toString(17 * MIB));
            assertThat(reads).content().startsWith(number + " ").contains(Long.toString(35 * MIB));
            assertThat(monitor.resolve(file.getFileName())).content().isEmpty();
            run(Limits.lifting(victim, List.of(new Evidence.IoLimit(ETL, number, "wbps", 17 * MIB, file.toString(), 0)))
                    .getFirst());
            assertThat(file).content().doesNotContain(Long.toString(17 * MIB));
        } finally {
            shell("rmdir $0 $1 $2 $3", inner, group, monitor, parent);
        }
    }

    private void run(Remedy remedy) {
        shell(String.join("\n", remedy.lines()).replace(DISK, number));
    }
}
