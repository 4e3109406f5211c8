package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.LoopDisk;
import dev.writescope.stage.SharedStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A disk that gets slow is said to, and one that does not is not. */
@ExtendWith(SharedStage.class)
class RegressionTest {
    /** The detector learns for 20 s; then it judges both, before anything happens. */
    private static final Duration QUIET = Duration.ofSeconds(32);
    /** A burst of fifteen seconds raises no alarm; twice that time is for the slowest interval. */
    private static final Duration DELAY = Duration.ofSeconds(30);

    private final ContainerStage stage;
    private final String slowed = "slowed-" + ProcessHandle.current().pid();
    private final String steady = "steady-" + ProcessHandle.current().pid();

    @TempDir
    Path directory;

    RegressionTest(ContainerStage stage) {
        this.stage = stage;
    }

    @AfterEach
    void stop() {
        stage.stop(slowed);
        stage.stop(steady);
    }

    @Test
    void a_container_whose_disk_is_throttled_is_flagged_and_another_is_not() throws IOException {
        LoopDisk disk = start(slowed);
        start(steady);
        Path ran = directory.resolve("ran");
        Report report;
        Instant throttled;
        JsonLine alarm;
        try (var trace = Writescope.trace(
                "-c",
                slowed,
                "-c",
                steady,
                "--op",
                "fsync",
                "--detect-warmup",
                "20s",
                "--on-regression",
                "echo \"$WRITESCOPE_STATE $WRITESCOPE_CONTAINER $WRITESCOPE_OPERATION\" >> " + ran)) {
            Instant quietUntil = Instant.now().plus(QUIET);
            trace.await(line -> line.is("type", "interval")
                    && Instant.parse(line.text("start")).isAfter(quietUntil));
            throttled = Instant.now();
            stage.slow(disk, 40, slowed);
            alarm = trace.await(line -> line.is("type", "regression") && line.is("container", slowed));
            report = trace.stop();
        }

        assertThat(alarm.text("state")).isEqualTo("alarm");
        assertThat(alarm.text("operation")).isEqualTo("fsync");
        assertThat(alarm.number("current_ns")).isGreaterThan(2 * alarm.number("baseline_ns"));
        assertThat(Instant.parse(alarm.text("since"))).isAfter(throttled.minusSeconds(5));
        assertThat(Instant.parse(alarm.text("time"))).isBefore(throttled.plus(DELAY));
        assertThat(report.regressions())
                .allSatisfy(line -> assertThat(line.text("container")).isEqualTo(slowed))
                .allSatisfy(line -> assertThat(Instant.parse(line.text("time"))).isAfter(throttled));
        assertThat(Files.readAllLines(ran)).first().isEqualTo("alarm " + slowed + " fsync");
        assertThat(report.errors()).isEmpty();
        assertThat(report.status()).isZero();
    }

    /** A container that appends 4 KiB and syncs, some hundred times a second, on a disk that no other test shares. */
    private LoopDisk start(String name) {
        LoopDisk disk = stage.disk(name, "64M", "--memory");
        stage.run(
                name,
                List.of(disk.at("/data")),
                "fio",
                "--name=log",
                "--filename=/data/wal",
                "--rw=write",
                "--bs=4k",
                "--size=16m",
                "--fsync=1",
                "--thinktime=2ms",
                "--time_based",
                "--runtime=600");
        return disk;
    }
}
