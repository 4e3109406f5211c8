package dev.writescope.explain;

import static dev.writescope.explain.SlowDisk.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;

/** A neighbour writes to the victim's disk, past the page cache, as fast as the disk can. */
final class NeighbourOnDevice extends Scenario {
    NeighbourOnDevice(ContainerStage stage) {
        super(stage, Speed.USUAL, "defaults");
    }

    @Override
    String cause() {
        return "neighbour-device";
    }

    @Override
    String culprit() {
        return neighbour();
    }

    @Override
    void start() {
        // There already, so that its writes need no journal.
        shell("dd if=/dev/zero of=$0/export bs=1M count=64 conv=fsync status=none", disk.mountPoint());
        startVictim("sleep", "600");
        startNeighbour(
                "fio",
                "--name=export",
                "--filename=/data/export",
                "--rw=randwrite",
                "--direct=1",
                "--bs=128k",
                "--size=64m",
                "--numjobs=4",
                "--time_based",
                "--runtime=600");
    }

    @Override
    void check(Run run, Run healthy) {
        assertThat(run.fio().sync().p50())
                .isGreaterThan(3 * healthy.fio().sync().p50());
        assertThat(run.disk().utilisation()).isGreaterThan(0.75);
        // What is not the neighbour's is the victim's data and the journal's few blocks for each fsync.
        assertThat(run.disk().writtenBytes()).isGreaterThan(10 * healthy.disk().writtenBytes());
        assertThat(run.disk().commits()).isLessThan(run.fio().sync().count() * 3 / 2);
    }
}
