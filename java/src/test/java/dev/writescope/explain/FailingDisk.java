package dev.writescope.explain;

import static dev.writescope.explain.SlowDisk.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;

/** The victim's disk fails some of its writes. */
final class FailingDisk extends Scenario {
    private static final String WRITE_BAD_BLOCKS = """
            while :; do
                printf 'BADBLOCK%4088s' . | dd of=/data/bad bs=4k count=1 conv=fsync,notrunc 2>>/data/complaints
                sleep 0.3
            done
            """;

    FailingDisk(ContainerStage stage) {
        super(stage, Speed.USUAL, "defaults");
    }

    @Override
    String cause() {
        return "io-errors";
    }

    @Override
    void start() {
        startVictim("sh", "-c", WRITE_BAD_BLOCKS);
    }

    @Override
    void check(Run run, Run healthy) {
        assertThat(disk.mountPoint().resolve("complaints")).content().contains("Input/output error");
        assertThat(shell("dmesg | grep -c \"I/O error, dev $0,\"", disk.name()).strip())
                .isNotEqualTo("0");
    }
}
