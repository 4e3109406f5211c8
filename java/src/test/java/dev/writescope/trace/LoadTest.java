package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.SharedStage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** At full speed everything is counted, or said to be lost. */
@ExtendWith(SharedStage.class)
class LoadTest {
    private final ContainerStage stage;
    private final Workload workload;
    private final String container = "load-" + ProcessHandle.current().pid();

    LoadTest(ContainerStage stage) {
        this.stage = stage;
        this.workload = Workload.on(stage);
    }

    @BeforeEach
    void run() {
        stage.run(container, List.of(workload.volume()), "sleep", "600");
    }

    @AfterEach
    void stop() {
        stage.stop(container);
    }

    @Test
    void two_writers_at_full_speed_lose_nothing() {
        Report report;
        try (var trace = Writescope.trace("-c", container, "--op", "write")) {
            // /dev/shm is a tmpfs: the fastest regular file there is.
            var first = CompletableFuture.runAsync(
                    () -> workload.run(container, "/dev/shm/first", "create", "rewrite=1500007"));
            workload.run(container, "/dev/shm/second", "create", "rewrite=1500017");
            first.join();
            report = trace.stop();
        }
        assertThat(report.end().fields())
                .containsEntry("lost.write", "0")
                .containsEntry("lost.fsync", "0")
                .containsEntry("lost.block", "0");
        assertThat(report.totals().of(container, "write").count()).isEqualTo(3_000_024);
        assertThat(report.totals().of(container, "write").sum("bytes")).isEqualTo(3_000_024);
    }

    @Test
    void what_does_not_fit_into_a_ring_that_is_too_small_is_said_to_be_lost() {
        Report report;
        try (var trace = Writescope.trace("-c", container, "--op", "fsync", "--ring-size", "4k", "-i", "100ms")) {
            // On a tmpfs an fsync does nothing, a million times a second.
            workload.run(container, "/dev/shm/storm", "create", "fsync=300007");
            report = trace.stop();
        }
        long lost = report.end().number("lost.fsync");
        assertThat(lost).isPositive();
        assertThat(report.totals().of(container, "fsync").count() + lost).isEqualTo(300_007);
        assertThat(new Report.Rows(report.lines()).where("type", "lost").sum("fsync"))
                .isEqualTo(lost);
        assertThat(report.end().number("events")).isEqualTo(300_007 - lost);
    }
}
