package dev.writescope.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;
import java.util.List;

/** The victim writes where it has no volume: into its writable layer. */
final class UpperDirectoryWrites extends Scenario {
    UpperDirectoryWrites(ContainerStage stage) {
        super(stage, Speed.USUAL, "defaults");
    }

    @Override
    String cause() {
        return "upperdir";
    }

    @Override
    void start() {
        stage.run(victim(), List.of("--rootfs", root().toString()), List.of(), "sleep", "600");
    }

    @Override
    void check(Run run, Run healthy) {
        assertThat(disk.mountPoint().resolve("upper/data/wal")).hasSize(16 << 20);
        assertThat(run.disk().writtenBytes()).isGreaterThan(healthy.disk().writtenBytes() / 2);
        assertThat(stage.exec(victim(), "stat", "-f", "-c", "%t", "/data/wal")).isEqualTo("794c7630");
    }
}
