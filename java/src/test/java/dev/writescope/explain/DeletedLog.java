package dev.writescope.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The victim goes on writing to a log file that has been deleted. */
final class DeletedLog extends Scenario {
    private static final long MIB = 1 << 20;

    private long sizeBefore;

    DeletedLog(ContainerStage stage) {
        super(stage, Speed.USUAL, "defaults");
    }

    @Override
    String cause() {
        return "deleted-file";
    }

    @Override
    void start() {
        startVictim(
                "sh",
                "-c",
                "exec >>/data/app.log; rm /data/app.log; while :; do dd if=/dev/zero bs=1M count=1 2>/dev/null; sleep 0.2; done");
        sizeBefore = deletedSize();
    }

    @Override
    void check(Run run, Run healthy) {
        assertThat(deletedSize() - sizeBefore).isGreaterThan(5 * MIB);
        assertThat(disk.mountPoint().resolve("app.log")).doesNotExist();
    }

    /** Of the largest file without a name that a process of the victim has open. */
    private long deletedSize() {
        return processes(victim()).stream()
                .flatMap(DeletedLog::descriptors)
                .filter(descriptor -> target(descriptor).endsWith("/app.log (deleted)"))
                .mapToLong(DeletedLog::size)
                .max()
                .orElse(0);
    }

    private static Stream<Path> descriptors(Path process) {
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.toList().stream();
        } catch (IOException e) {
            return Stream.of(); // it has ended
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static long size(Path descriptor) {
        try {
            assertThat(Files.getAttribute(descriptor, "unix:nlink")).isEqualTo(0);
            return Files.size(descriptor);
        } catch (IOException e) {
            return 0; // it has ended
        }
    }
}
