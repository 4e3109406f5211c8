package dev.writescope.explain;

import static dev.writescope.explain.SlowDisk.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;
import java.util.List;

/** The victim fills the file system of its writable layer with small files until it has no inode left. */
final class InodesUsedUp extends Scenario {
    private static final String FILL = """
            : >/data/wal; mkdir /cache
            i=0; while :; do i=$((i + 1)); : >/cache/$i || echo refused >>/data/refused; sleep 0.01; done 2>/dev/null
            """;

    InodesUsedUp(ContainerStage stage) {
        super(stage, Speed.USUAL, "defaults", "-N", "256");
    }

    @Override
    String cause() {
        return "inodes";
    }

    @Override
    void start() {
        shell(": >$0/refused", disk.mountPoint());
        stage.run(victim(), List.of("--rootfs", root().toString()), data(), "bash", "-c", FILL);
    }

    @Override
    void check(Run run, Run healthy) {
        String[] statfs =
                shell("stat -f -c '%c %d %b %a' $0", disk.mountPoint()).strip().split(" ", -1);
        assertThat(statfs[0]).isEqualTo("256");
        assertThat(statfs[1]).isEqualTo("0");
        assertThat(Long.parseLong(statfs[3])).isGreaterThan(Long.parseLong(statfs[2]) / 2);
        assertThat(disk.mountPoint().resolve("refused")).content().contains("refused");
    }
}
