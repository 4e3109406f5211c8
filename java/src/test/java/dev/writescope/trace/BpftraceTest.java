package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.LoopDisk;
import dev.writescope.stage.SharedStage;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedStage.class)
class BpftraceTest {
    private static final List<String> WRITES = List.of("write", "pwrite64", "writev", "pwritev", "pwritev2");

    /** Where bpftrace finds tracepoints; mounted for as long as the test needs it. */
    private static final Path TRACEFS = Path.of("/sys/kernel/tracing");

    private boolean mounted;

    @BeforeEach
    void mountTracefs() {
        if (!Files.exists(TRACEFS.resolve("events"))) {
            Commands.run("mount", "-t", "tracefs", "tracefs", TRACEFS.toString());
            mounted = true;
        }
    }

    @AfterEach
    void unmountTracefs() {
        if (mounted) {
            Commands.run("umount", TRACEFS.toString());
        }
    }

    private static String program(long cgroup) {
        var program = new StringBuilder("BEGIN { printf(\"ready\\n\"); }\n");
        WRITES.forEach(call -> probe(program, call, cgroup, "writes"));
        probe(program, "fsync", cgroup, "fsyncs");
        probe(program, "fdatasync", cgroup, "fdatasyncs");
        return program.toString();
    }

    /** Standard output of the workload is a pipe, which we do not count: its descriptor is 1. */
    private static void probe(StringBuilder program, String call, long cgroup, String map) {
        program.append("tracepoint:syscalls:sys_enter_%s /cgroup == %d && comm == \"workload\" && args->fd > 2/ "
                        .formatted(call, cgroup))
                .append("{ @%s = count(); }\n".formatted(map));
    }

    @Test
    void bpftrace_counts_the_same_calls_in_the_same_run(ContainerStage stage) throws Exception {
        String container = "bpftrace-" + ProcessHandle.current().pid();
        LoopDisk disk = stage.disk("bpftrace", "64M");
        Workload workload = Workload.on(stage);
        stage.run(container, List.of(disk.at("/data"), workload.volume()), "sleep", "600");
        long cgroup = (Long) Files.getAttribute(stage.cgroup(container), "unix:ino");
        String theirs;
        Report ours;
        try (var trace = Writescope.trace("-c", container, "--op", "fsync,write", "--by", "kind")) {
            Process bpftrace = new ProcessBuilder("bpftrace", "-e", program(cgroup))
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader output = bpftrace.inputReader(StandardCharsets.UTF_8)) {
                String line = output.readLine();
                while (line != null && !line.equals("ready")) {
                    line = output.readLine();
                }
                assertThat(line).isEqualTo("ready");
                workload.run(
                        container,
                        "/data/file",
                        "create",
                        "write=1009",
                        "pwrite64=1013",
                        "fsync=101",
                        "writev=1019",
                        "pwritev=1021",
                        "fdatasync=103",
                        "pwritev2=1031");
                Commands.run("kill", "-INT", Long.toString(bpftrace.pid()));
                theirs = String.join("\n", output.readAllLines());
            } finally {
                bpftrace.destroyForcibly().waitFor();
            }
            ours = trace.stop();
        } finally {
            stage.stop(container);
        }
        assertThat(theirs).contains("@writes: 5093", "@fsyncs: 101", "@fdatasyncs: 103");
        assertThat(ours.totals().of(container, "write").count()).isEqualTo(5093);
        assertThat(ours.totals().where("kind", "fsync").count()).isEqualTo(101);
        assertThat(ours.totals().where("kind", "fdatasync").count()).isEqualTo(103);
        assertThat(ours.lost()).isZero();
    }
}
