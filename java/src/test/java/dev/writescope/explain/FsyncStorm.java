package dev.writescope.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;

/** The victim creates small files, as many as it can, and syncs each. */
final class FsyncStorm extends Scenario {
    private static final String STORM = """
            mkdir /data/queue
            for job in 1 2 3; do
                (i=0; while :; do i=$((i + 1)); dd if=/dev/zero of=/data/queue/$job-$i bs=4k count=1 conv=fsync 2>/dev/null; done) &
            done
            wait
            """;

    FsyncStorm(ContainerStage stage) {
        super(stage, Speed.USUAL, "defaults");
    }

    @Override
    String cause() {
        return "fsync-storm";
    }

    @Override
    void start() {
        startVictim("sh", "-c", STORM);
    }

    @Override
    void check(Run run, Run healthy) {
        String[] files = disk.mountPoint().resolve("queue").toFile().list();
        assertThat(files).hasSizeGreaterThan((int) (5 * run.fio().sync().count()) / 2);
        assertThat(run.disk().commits()).isGreaterThan(2 * healthy.disk().commits());
        assertThat(run.disk().writtenBytes() / run.disk().commits()).isLessThan(64 << 10);
    }
}
