package dev.writescope.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;

/**
 * A neighbour appends to a file and never syncs it. Blocks are allocated when they are written to, so that in ordered
 * mode the victim's next commit writes all of them out; in between the disk idles.
 */
final class NeighbourInJournal extends Scenario {
    NeighbourInJournal(ContainerStage stage) {
        super(stage, Speed.USUAL, "data=ordered,nodelalloc");
    }

    @Override
    String cause() {
        return "neighbour-journal";
    }

    @Override
    String culprit() {
        return neighbour();
    }

    @Override
    void start() {
        startVictim("sleep", "600");
        startNeighbour(
                "sh", "-c", "while :; do dd if=/dev/zero bs=1M count=4 2>/dev/null; sleep 0.15; done >>/data/dirty");
    }

    @Override
    void check(Run run, Run healthy) {
        assertThat(run.fio().sync().p95())
                .isGreaterThan(2 * healthy.fio().sync().p95());
        // Those that have none of the neighbour's data to wait for.
        assertThat(run.fio().sync().p50()).isLessThan(run.fio().sync().p95() / 5);
        assertThat(run.disk().utilisation()).isLessThan(0.7);
        // Nobody but those commits writes the neighbour's data out.
        assertThat(run.disk().writtenBytes()).isGreaterThan(10 * healthy.disk().writtenBytes());
        assertThat(run.disk().requested()).isGreaterThan(run.disk().commits() * 9 / 10);
    }
}
