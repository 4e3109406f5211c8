package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run can end in many ways; none leaves anything behind. */
class LifecycleTest {
    private static final Pattern PROGRAM = Pattern.compile("prog_id:\\s*(\\d+)");
    private static final Pattern MAP = Pattern.compile("map_id:\\s*(\\d+)");
    private static final Pattern LINK = Pattern.compile("link_id:\\s*(\\d+)");

    /** The ids of the BPF objects that a process has open, as the kernel shows them with its descriptors. */
    private static List<String> bpfObjects(long pid, Pattern id) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(pid), "fdinfo"))) {
            return descriptors
                    .flatMap(descriptor -> {
                        try {
                            return id.matcher(Files.readString(descriptor))
                                    .results()
                                    .map(match -> match.group(1));
                        } catch (IOException closed) {
                            return Stream.empty();
                        }
                    })
                    .distinct()
                    .toList();
        }
    }

    /** The kernel frees objects a while after their last user is gone. */
    private static void assertGone(String type, List<String> ids) throws InterruptedException {
        assertThat(ids).as("%ss of the run", type).isNotEmpty();
        Pattern any = Pattern.compile("(?m)^(" + String.join("|", ids) + "):");
        long end = System.nanoTime() + 10_000_000_000L;
        while (any.matcher(Commands.run("bpftool", type, "show")).find()) {
            assertThat(System.nanoTime())
                    .as("%ss %s are still there", type, ids)
                    .isLessThan(end);
            Thread.sleep(50);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "INT"})
    void nothing_stays_in_the_kernel_after_the_signal(String signal) throws Exception {
        try (var trace = Writescope.trace()) {
            List<String> programs = bpfObjects(trace.pid(), PROGRAM);
            List<String> maps = bpfObjects(trace.pid(), MAP);
            List<String> links = bpfObjects(trace.pid(), LINK);
            trace.signal(signal);
            int status = trace.report().status();
            assertThat(status).isEqualTo(signal.equals("KILL") ? 128 + 9 : 0);
            assertGone("prog", programs);
            assertGone("map", maps);
            assertGone("link", links);
        }
    }

    @Test
    void nothing_stays_in_the_kernel_after_the_oom_killer() throws Exception {
        boolean version1 = Files.isDirectory(Path.of("/sys/fs/cgroup/memory"));
        Path memory = Path.of(version1 ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup");
        if (!version1) {
            Files.writeString(memory.resolve("cgroup.subtree_control"), "+memory");
        }
        Path cgroup = Files.createDirectory(
                memory.resolve("writescope-oom-" + ProcessHandle.current().pid()));
        try (var trace = Writescope.trace("-i", "100ms", "--by", "mount,device,kind")) {
            List<String> programs = bpfObjects(trace.pid(), PROGRAM);
            List<String> maps = bpfObjects(trace.pid(), MAP);
            List<String> links = bpfObjects(trace.pid(), LINK);
            // What it has stays where it was; what it takes from now on, as a heap always does, is too much.
            Files.writeString(cgroup.resolve(version1 ? "memory.limit_in_bytes" : "memory.max"), "65536");
            Files.writeString(cgroup.resolve("cgroup.procs"), Long.toString(trace.pid()));
            assertThat(trace.report().status()).isEqualTo(128 + 9);
            assertThat(Files.readString(cgroup.resolve(version1 ? "memory.oom_control" : "memory.events")))
                    .containsPattern("oom_kill [1-9]");
            assertGone("prog", programs);
            assertGone("map", maps);
            assertGone("link", links);
        } finally {
            Files.delete(cgroup);
        }
    }

    @Test
    void a_run_whose_heap_is_used_up_says_so_and_fails() throws Exception {
        List<String> command = new ArrayList<>(Writescope.command(
                Writescope.classPath(), "trace", "--format", "json", "--op", "write", "-i", "10m", "--digits", "3"));
        command.set(command.indexOf("-Xmx256m"), "-Xmx12m");
        Path unified = Path.of("/sys/fs/cgroup/unified");
        Path cgroups = Files.createDirectory((Files.isDirectory(unified) ? unified : Path.of("/sys/fs/cgroup"))
                .resolve("writescope-crowd-" + ProcessHandle.current().pid()));
        Path file = Path.of("/dev/shm").resolve(cgroups.getFileName());
        try (var trace = Writescope.start(command)) {
            trace.await(line -> line.is("type", "start"));
            List<String> programs = bpfObjects(trace.pid(), PROGRAM);
            // Each is a series of its own, with more writes in the interval than are kept one by one.
            Commands.run("bash", "-c", """
                    for ((i = 0; i < 2003; i++)); do
                        kill -0 %1$d 2>/dev/null || exit 0
                        mkdir %2$s/$i && echo 0 >%2$s/$i/cgroup.procs
                        for ((j = 0; j < 211; j++)); do echo 7; done >%3$s
                    done
                    """.formatted(trace.pid(), cgroups, file));
            Report report = trace.report();
            assertThat(report.status()).isEqualTo(2);
            assertThat(report.errors().lines())
                    .anySatisfy(
                            line -> assertThat(line).startsWith("writescope: ").contains("heap space"));
            assertGone("prog", programs);
        } finally {
            Commands.run("find", cgroups.toString(), "-depth", "-type", "d", "-exec", "rmdir", "{}", "+");
            Files.deleteIfExists(file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void a_signal_ends_the_run_with_totals_and_success(String signal) {
        try (var trace = Writescope.trace("--op", "write")) {
            trace.signal(signal);
            Report report = trace.report();
            assertThat(report.status()).isZero();
            assertThat(report.errors()).isEmpty();
            assertThat(report.lines().getLast().text("type")).isEqualTo("end");
        }
    }

    @Test
    void a_reader_that_has_seen_enough_ends_the_run_quietly() throws Exception {
        var pipeline = String.join(" ", Writescope.command(Writescope.classPath(), "trace", "--format", "json"))
                + " -i 100ms -d 30s | head -n 1; echo status ${PIPESTATUS[0]}";
        // Something to write about, so that the closed pipe is met.
        Process noise = new ProcessBuilder("sh", "-c", "while :; do echo 7 >/dev/shm/noise; sleep 0.05; done").start();
        try {
            assertThat(Commands.run("timeout", "20", "bash", "-c", pipeline).lines())
                    .satisfiesExactly(
                            start -> assertThat(start).startsWith("{\"type\":\"start\""),
                            end -> assertThat(end).isEqualTo("status 0"));
        } finally {
            noise.destroyForcibly().waitFor();
            Files.deleteIfExists(Path.of("/dev/shm/noise"));
        }
    }
}
