package dev.writescope.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;

/** The victim's disk takes its time to empty its cache. */
final class SlowFlushes extends Scenario {
    SlowFlushes(ContainerStage stage) {
        super(stage, new Speed(Speed.USUAL.request(), Speed.USUAL.bandwidth(), 23_000), "defaults");
    }

    @Override
    String cause() {
        return "slow-flush";
    }

    @Override
    void start() {
        startVictim("sleep", "600");
    }

    @Override
    void check(Run run, Run healthy) {
        assertThat(run.fio().sync().p50())
                .isGreaterThan(5 * healthy.fio().sync().p50());
        double flush = (double) run.disk().flushMs() / run.disk().flushes();
        assertThat(flush).isGreaterThan(0.3 * run.fio().sync().p50() / 1e6);
        assertThat(run.disk().flushMs()).isGreaterThan(5 * healthy.disk().flushMs());
    }
}
