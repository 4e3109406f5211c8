package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.bpf.Capability;
import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.SharedStage;
import dev.writescope.stage.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Least privilege: root is not needed, and what root has is given up once the programs are attached. */
@ExtendWith(SharedStage.class)
class PrivilegeTest {
    private static final String NEEDED = "+bpf,+perfmon,+dac_read_search,+sys_ptrace,+syslog";

    private final ContainerStage stage;
    private final Workload workload;
    private final String container = "privilege-" + ProcessHandle.current().pid();

    PrivilegeTest(ContainerStage stage) {
        this.stage = stage;
        this.workload = Workload.on(stage);
        List<Volume> volumes = List.of(workload.volume());
        stage.run(container, volumes, "sleep", "600");
    }

    @AfterEach
    void stop() {
        stage.stop(container);
    }

    private static List<String> asNobody(String... arguments) {
        var command = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        for (String set : List.of("--inh-caps", "--ambient-caps", "--bounding-set")) {
            command.add(set + "=-all," + NEEDED);
        }
        command.addAll(Writescope.command(Writescope.classPath(), arguments));
        return command;
    }

    @Test
    void nobody_with_five_capabilities_sees_what_root_sees() {
        try (var trace = Writescope.start(asNobody("trace", "--format", "json", "-c", container, "--by", "mount"))) {
            trace.await(line -> line.is("type", "start"));
            workload.run(container, "/file", "create", "write=103", "fsync=53");
            Report report = trace.stopWhenNamed();
            assertThat(report.errors()).isEmpty();
            assertThat(report.status()).isZero();
            assertThat(report.totals().of(container, "fsync").count()).isEqualTo(53);
            assertThat(report.totals().of(container, "write").count()).isEqualTo(103);
            assertThat(report.totals()
                            .of(container, "fsync")
                            .where("mount", "/")
                            .count())
                    .as("that the mount is known needs CAP_SYS_PTRACE")
                    .isEqualTo(53);
        }
    }

    @Test
    void after_attach_the_threads_of_a_trace_have_given_up_what_they_do_not_need() throws IOException {
        try (var trace = Writescope.trace("-i", "100ms")) {
            trace.await(line -> line.is("type", "interval"));
            Map<String, Long> capabilities = capabilities(trace.pid());
            assertThat(capabilities).containsKeys("sinks", "container-direc");
            long drain = Capability.BPF.bit() | Capability.SYS_NICE.bit();
            assertThat(capabilities.getOrDefault("sinks", -1L) & ~drain).isZero();
            assertThat(capabilities.getOrDefault("main", -1L) & ~drain).isZero();
            long naming = Capability.BPF.bit() | Capability.DAC_READ_SEARCH.bit() | Capability.SYS_PTRACE.bit();
            assertThat(capabilities.get("container-direc")).isEqualTo(naming);
        }
    }

    /** The effective capabilities of each thread by its name; "main" for the one that Java calls so. */
    private static Map<String, Long> capabilities(long pid) throws IOException {
        Map<String, Long> capabilities = new TreeMap<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads.toList()) {
                String name = Files.readString(thread.resolve("comm")).strip();
                // The launcher's first thread waits for the second, which runs main; both have the program's name.
                boolean main = name.equals("java") && !thread.endsWith(Long.toString(pid));
                String mask = Files.readString(thread.resolve("status"))
                        .lines()
                        .filter(line -> line.startsWith("CapEff:"))
                        .findFirst()
                        .orElseThrow();
                capabilities.put(
                        main ? "main" : name,
                        Long.parseUnsignedLong(mask.substring(7).strip(), 16));
            }
        }
        return capabilities;
    }
}
