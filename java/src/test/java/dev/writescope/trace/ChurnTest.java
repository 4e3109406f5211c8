package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.SharedStage;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Containers come and go while the trace runs. */
@ExtendWith(SharedStage.class)
class ChurnTest {
    private static final long PID = ProcessHandle.current().pid();

    @Test
    void short_lived_containers_are_counted_by_name(ContainerStage stage) {
        Workload workload = Workload.on(stage);
        Report report;
        try (var trace = Writescope.trace("--op", "write")) {
            for (int i = 0; i < 7; i++) {
                stage.run("churn-" + i + "-" + PID, List.of(workload.volume()), "sleep", "600");
                workload.run("churn-" + i + "-" + PID, "/dev/shm/file", "create", "write=" + (101 + i));
                stage.stop("churn-" + i + "-" + PID);
            }
            report = trace.stop();
        }
        for (int i = 0; i < 7; i++) {
            assertThat(report.totals()
                            .of("churn-" + i + "-" + PID, "write")
                            .where("fstype", "tmpfs")
                            .count())
                    .isEqualTo(101 + i);
        }
        assertThat(report.lost()).isZero();
    }

    @Test
    void a_glob_follows_new_containers_and_leaves_out_neighbours(ContainerStage stage) {
        Workload workload = Workload.on(stage);
        String before = "shard-1-" + PID;
        String after = "shard-2-" + PID;
        String neighbour = "other-" + PID;
        List.of(before, neighbour).forEach(name -> stage.run(name, List.of(workload.volume()), "sleep", "600"));
        Report report;
        try (var trace = Writescope.trace("-c", "shard-*-" + PID, "--op", "write", "-i", "100ms")) {
            stage.run(after, List.of(workload.volume()), "sleep", "600");
            workload.run(before, "/dev/shm/file", "create", "write=101");
            workload.run(neighbour, "/dev/shm/file", "create", "write=103");
            // A new container is found within two seconds or so: its calls count from then on, all of them.
            workload.run(after, "/dev/shm/file", "create", "write=1");
            while (trace.lines().stream().noneMatch(line -> line.is("container", after))) {
                workload.run(after, "/dev/shm/file", "-", "write=1");
            }
            workload.run(after, "/dev/shm/file", "-", "pwrite64=1009");
            report = trace.stop();
        } finally {
            List.of(before, after, neighbour).forEach(stage::stop);
        }
        assertThat(report.totals().of(before, "write").count()).isEqualTo(101);
        assertThat(report.totals().of(after, "write").count()).isBetween(1010L, 1200L);
        assertThat(report.totals().lines())
                .extracting(line -> line.text("container"))
                .containsOnly(before, after);
    }
}
