package dev.writescope.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;

/** The victim's cgroup lets it write less often than it wants to; the disk could do more. */
final class OwnLimit extends Scenario {
    private static final int LIMIT = 23;

    OwnLimit(ContainerStage stage) {
        super(stage, Speed.USUAL, "defaults");
    }

    @Override
    String cause() {
        return "own-limit";
    }

    @Override
    void start() {
        startVictim("sleep", "600");
        stage.slow(disk.mounted(), LIMIT, victim());
    }

    @Override
    void check(Run run, Run healthy) {
        assertThat(run.fio().sync().mean())
                .isGreaterThan(3 * healthy.fio().sync().mean());
        // Each fsync is one write of its own, and the kernel lets those of a first slice pass.
        assertThat(run.fio().sync().count())
                .isLessThan((long) (LIMIT * (run.disk().seconds() + 1)));
        assertThat(run.disk().utilisation()).isLessThan(0.5);
    }
}
