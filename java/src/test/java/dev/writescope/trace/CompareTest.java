package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.LoopDisk;
import dev.writescope.stage.SharedStage;
import dev.writescope.stage.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A container moves from its overlay to a disk of its own, and the README's lines say what that did. */
@ExtendWith(SharedStage.class)
class CompareTest {
    private final ContainerStage stage;
    private final String container = "compared-" + ProcessHandle.current().pid();

    @TempDir
    Path directory;

    CompareTest(ContainerStage stage) {
        this.stage = stage;
    }

    @AfterEach
    void stop() {
        stage.stop(container);
        Commands.run("bash", "-c", "if mountpoint -q $0; then umount $0; rmdir $0; fi", root().toString());
    }

    private Path root() {
        return stage.directory().resolve("disks/" + container + "-root");
    }

    /** What it writes into its overlay goes to a disk in memory: without a verdict on one that has other users. */
    private List<String> ownLayer() {
        Commands.run(
                "bash",
                "-c",
                """
                set -e
                images=("$0"/root/io.containerd.snapshotter.v1.overlayfs/snapshots/{2,1}/fs)
                mkdir "$1" "$2"/{upper,work}
                mount -t overlay -o lowerdir="$(IFS=: && echo "${images[*]}")",upperdir="$2/upper",workdir="$2/work" overlay "$1"
                """,
                stage.directory().toString(),
                root().toString(),
                stage.disk(container + "-layer", "64M", "--memory").mountPoint().toString());
        return List.of("--rootfs", root().toString());
    }

    /** 101 fsyncs a second, however fast the disk. */
    private void start(List<String> options, List<Volume> volumes) {
        stage.run(
                container,
                options,
                volumes,
                "fio",
                "--name=db",
                "--filename=/data/wal",
                "--rw=write",
                "--bs=4k",
                "--size=16m",
                "--fsync=1",
                "--rate_iops=101",
                "--time_based",
                "--runtime=600");
    }

    /** The lines of the README's section, with this test's container, directory and patience. */
    private List<String[]> lines() throws IOException {
        String readme = Files.readString(readme());
        String section = readme.substring(readme.indexOf("## Before and after a change"));
        return section.substring(section.indexOf("```") + 3)
                .lines()
                .skip(1)
                .takeWhile(line -> !line.startsWith("```"))
                .filter(line -> line.startsWith("writescope "))
                .map(line -> line.replace("writescope ", "")
                        .replace("-c db ", "-c " + container + " ")
                        .replace("-d 1m", "-d 31s")
                        .replaceAll("(\\w+\\.(hlog|html))", directory + "/$1"))
                .map(line -> line.split(" "))
                .toList();
    }

    private static Path readme() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("README.md")) ? here.resolve("README.md") : here.resolveSibling("README.md");
    }

    @Test
    void a_change_of_mount_gets_a_verdict_and_is_named() throws IOException {
        List<String[]> lines = lines();
        assertThat(lines).hasSize(4);
        start(ownLayer(), List.of());
        assertThat(Writescope.run(lines.get(0)).status()).isZero();
        stage.stop(container);
        LoopDisk own = stage.disk("compared", "64M", "--memory");
        start(List.of(), List.of(own.at("/data")));
        stage.slow(own, 20, container); // so that there is a difference, whatever this machine's disks
        assertThat(Writescope.run(lines.get(1)).status()).isZero();

        Report text = Writescope.run(lines.get(2));
        assertThat(text.errors()).isEmpty();
        assertThat(text.status()).isZero(); // it would be 4 without a verdict
        Report page = Writescope.run(lines.get(3));
        assertThat(page.status()).isZero();
        assertThat(directory.resolve("page.html"))
                .content()
                // Which of them has enough samples for a verdict is up to how steady this machine's disk is.
                .containsPattern(
                        container + " (fsync|write|block write) P\\S+ regressed from .+ times as slow \\(between ")
                .contains("mounts of fsync of " + container, "/ (upperdir, overlay)", "/data (volume, ext4 on 7:");
    }
}
