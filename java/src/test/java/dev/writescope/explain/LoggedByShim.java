package dev.writescope.explain;

import static dev.writescope.explain.SlowDisk.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A neighbour prints much, and its shim writes that to a log file on the victim's disk, which is rotated as logrotate
 * does with copytruncate, since a shim keeps its file open. The neighbour itself writes to no disk. As
 * {@link NeighbourInJournal} for the rest.
 */
final class LoggedByShim extends Scenario {
    private @Nullable Process rotation;

    LoggedByShim(ContainerStage stage) {
        super(stage, Speed.USUAL, "data=ordered,nodelalloc");
    }

    @Override
    String cause() {
        return "runtime-log";
    }

    @Override
    String culprit() {
        return "containerd-shim";
    }

    private Path log() {
        return disk.mountPoint().resolve("neighbour.log");
    }

    @Override
    void start() {
        startVictim("sleep", "600");
        stage.run(
                neighbour(),
                List.of("--log", log().toString()),
                List.of(),
                "sh",
                "-c",
                "while :; do dd if=/dev/zero bs=64k count=64 2>/dev/null; sleep 0.15; done");
        rotate();
    }

    private void rotate() {
        try {
            rotation = new ProcessBuilder(
                            "sh", "-c", "while sleep 3; do cp \"$0\" \"$0.1\"; : >\"$0\"; done", log().toString())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void check(Run run, Run healthy) {
        assertThat(run.fio().sync().p95())
                .isGreaterThan(2 * healthy.fio().sync().p95());
        assertThat(disk.mountPoint().resolve("neighbour.log.1").toFile().length())
                .isGreaterThan(10 << 20);
        // The log is a file of the host, written by the one process that has it open.
        assertThat(shell(
                        "for p in /proc/[0-9]*; do [[ ! \"$(readlink $p/fd/* 2>/dev/null)\" == *$0* ]] || cat $p/comm; done",
                        log()))
                .startsWith("containerd-shim");
        for (Path process : processes(neighbour())) {
            assertThat(shell("cat $0/io 2>/dev/null || true", process)).doesNotContainPattern("\nwrite_bytes: \\d{6,}");
        }
    }

    @Override
    public void close() {
        Process rotating = rotation;
        if (rotating != null) {
            rotating.descendants().forEach(ProcessHandle::destroyForcibly);
            rotating.destroyForcibly();
            try {
                rotating.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        super.close();
    }
}
