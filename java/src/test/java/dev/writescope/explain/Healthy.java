package dev.writescope.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;

/** The victim has its disk for itself, and the disk keeps up. */
final class Healthy extends Scenario {
    Healthy(ContainerStage stage) {
        super(stage, Speed.USUAL, "defaults");
    }

    @Override
    String cause() {
        return "";
    }

    @Override
    void start() {
        startVictim("sleep", "600");
    }

    @Override
    void check(Run run, Run healthy) {
        assertThat(run.fio().write().count())
                .isGreaterThan((long) (RATE * run.disk().seconds() / 2));
        assertThat(run.disk().utilisation()).isLessThan(0.5);
    }
}
