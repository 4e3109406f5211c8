package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.latency.Interval;
import dev.writescope.recording.RecordingReader;
import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.SharedStage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.HistogramLogProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong is told in one line, and by the exit status. */
@ExtendWith(SharedStage.class)
class ErrorTest {
    @TempDir
    Path directory;

    private static void assertFails(Report report, int status, String... said) {
        assertThat(report.errors().lines())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("writescope: ").contains(said));
        assertThat(report.status()).isEqualTo(status);
        assertThat(report.lines()).isEmpty();
    }

    @Test
    void without_privileges_the_host_cannot_be_traced() throws Exception {
        Commands.run("chmod", "755", directory.toString());
        var copies = new ArrayList<Path>();
        for (Path each : Writescope.classPath()) { // which may be where only root can read
            Path copy = directory.resolve(each.getFileName());
            Commands.run("cp", "-r", each.toString(), copy.toString());
            copies.add(copy);
        }
        var command = new ArrayList<>(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
        command.addAll(Writescope.command(copies, "trace", "-d", "1s"));
        try (var trace = Writescope.start(command)) {
            assertFails(trace.report(), 3, "root", "CAP_BPF");
        }
    }

    @Test
    void a_container_that_is_not_there_is_answered_with_names_like_it(ContainerStage stage) {
        String container = "postgres-" + ProcessHandle.current().pid();
        stage.run(container, List.of(), "sleep", "600");
        try {
            assertFails(
                    Writescope.run("trace", "-c", container.replace("postgres", "postgers")),
                    2,
                    "did you mean",
                    container);
        } finally {
            stage.stop(container);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--op fsnyc",
                "-i 7ms",
                "-d 0s",
                "-d soon",
                "--ring-size 5000",
                "--by colour",
                "--digits 5",
                "--nonsense",
                "-o /proc/nowhere/run.hlog",
                "-o /var/tmp"
            })
    void options_that_make_no_sense_are_wrong_usage(String options) {
        String[] given = ("trace --format json " + options).split(" ", -1);
        assertFails(Writescope.run(given), 2);
    }

    @Test
    void a_recording_ends_when_its_disk_is_full_and_the_run_does_not(ContainerStage stage) throws Exception {
        Workload workload = Workload.on(stage);
        String container = "full-" + ProcessHandle.current().pid();
        Path tiny = Files.createDirectories(stage.directory().resolve("mounts/full"));
        stage.run(container, List.of(workload.volume()), "sleep", "600");
        Commands.run("mount", "-t", "tmpfs", "-o", "size=16k", "none", tiny.toString());
        try {
            Path file = tiny.resolve("run.hlog");
            Report report;
            try (var trace = Writescope.trace("-c", container, "-i", "100ms", "--op", "write", "-o", file.toString())) {
                while (Files.size(file) < 4 * 4096 - 2048) {
                    workload.run(container, "/dev/shm/file", "create", "rewrite=10007", "write=1009");
                }
                Thread.sleep(1000); // ten intervals that have no room
                workload.run(container, "/dev/shm/file", "create", "rewrite=10007");
                report = trace.stop();
            }
            assertThat(report.errors().lines())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .startsWith("writescope: recording to " + file + " stopped after")
                            .contains("No space left"));
            assertThat(report.status()).isEqualTo(2);
            assertThat(report.lines().getLast().text("type")).isEqualTo("end");
            assertThat(report.lost()).isZero();
            try (RecordingReader reader = RecordingReader.open(file)) {
                assertThat(count(reader)).isPositive().isLessThan(report.end().number("events"));
            }
        } finally {
            Commands.run("umount", tiny.toString());
            stage.stop(container);
        }
    }

    @Test
    void a_recording_has_what_was_shown(ContainerStage stage) throws Exception {
        Workload workload = Workload.on(stage);
        String container = "recorded-" + ProcessHandle.current().pid();
        Path file = directory.resolve("run.hlog");
        stage.run(container, List.of(workload.volume()), "sleep", "600");
        Report report;
        try (var trace =
                Writescope.trace("-c", container, "-i", "100ms", "--op", "fsync,write", "-o", file.toString())) {
            workload.run(container, "/dev/shm/file", "create", "write=1009", "fsync=101", "pwrite64=1013");
            report = trace.stop();
        } finally {
            stage.stop(container);
        }
        assertThat(report.totals().count()).isEqualTo(1009 + 101 + 1013);
        try (RecordingReader reader = RecordingReader.open(file)) {
            assertThat(count(reader)).isEqualTo(1009 + 101 + 1013);
            assertThat(reader.end()).isNotNull();
        }
        Path out = directory.resolve("processed");
        Thread processor =
                new HistogramLogProcessor(new String[] {"-i", file.toString(), "-o", out.toString(), "-alltags"});
        processor.start();
        processor.join();
        assertThat(directory.resolve("processed.hgrm")).isNotEmptyFile();
    }

    private static long count(RecordingReader reader) throws Exception {
        long count = 0;
        for (Interval interval = reader.next(); interval != null; interval = reader.next()) {
            count += interval.series().stream()
                    .mapToLong(series -> series.count())
                    .sum();
        }
        return count;
    }
}
