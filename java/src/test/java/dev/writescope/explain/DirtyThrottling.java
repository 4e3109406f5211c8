package dev.writescope.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.FioRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;

/**
 * The victim writes into the page cache faster than the disk empties it, and little of it may be dirty. The limit is
 * the device's own, and goes with the device: neither the host's nor another device's changes.
 */
final class DirtyThrottling extends Scenario {
    private static final long LIMIT = 8 << 20;
    private static final long BLOCK = 64 << 10;

    DirtyThrottling(ContainerStage stage) {
        super(stage, Speed.USUAL, "defaults");
    }

    @Override
    String cause() {
        return "dirty-throttling";
    }

    @Override
    void start() {
        try {
            Files.writeString(disk.writeback().resolve("strict_limit"), "1");
            Files.writeString(disk.writeback().resolve("max_bytes"), Long.toString(LIMIT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        startVictim("sleep", "600");
    }

    @Override
    List<String> load() {
        return List.of(
                "--filename=/data/heap", "--rw=write", "--bs=64k", "--size=256m", "--rate=150m", "--fallocate=none");
    }

    @Override
    void check(Run run, Run healthy) {
        long written = run.fio().write().count() * BLOCK;
        // All but what may be dirty has been written out already, and a second that others took.
        assertThat(run.disk().writtenBytes()).isGreaterThan(written - 3 * LIMIT);
        assertThat(written).isGreaterThan(10 * LIMIT);
        // Few of the calls wait, and for all; there is no other reason: they end in memory.
        FioRun.Latency write = run.fio().write();
        assertThat(write.mean() * write.count())
                .isGreaterThan(0.4e9 * run.disk().seconds());
        assertThat(write.mean()).isGreaterThan(5.0 * write.p50());
    }
}
