package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.SharedStage;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Containers come and go while the trace runs. */
@ExtendWith(SharedStage.class)
class ChurnTest {
    private static final long PID = ProcessHandle.current().pid();

    @Test
    void every_call_of_short_lived_containers_is_counted_as_its_own(ContainerStage stage) throws Exception {
        Workload workload = Workload.on(stage);
        var ids = new ArrayList<String>();
        Report report;
        try (var trace = Writescope.trace("--op", "write")) {
            for (int i = 0; i < 17; i++) {
                String name = churning(i);
                stage.run(name, List.of(workload.volume()), "sleep", "600");
                ids.add(Files.getAttribute(stage.cgroup(name), "unix:ino").toString());
                workload.run(name, "/dev/shm/file", "create", "write=" + (101 + i));
                stage.stop(name);
            }
            report = trace.stop();
        }
        for (int i = 0; i < 17; i++) {
            Report.Rows rows = report.totals().where("cgroup_id", ids.get(i));
            assertThat(rows.count()).isEqualTo(101 + i);
            // One that was gone before anybody looked has no name, but never another's.
            assertThat(rows.lines().getFirst().text("container")).isIn(churning(i), "cgroup-" + ids.get(i));
        }
        assertThat(report.lost()).isZero();
    }

    private static String churning(int number) {
        return "churn-" + number + "-" + PID;
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
