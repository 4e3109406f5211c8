package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.recording.RecordingReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gate as a CI job runs it, on an ext4 with a journal. Medians are judged, as other tests' containers are the
 * neighbours here; the commands are those of the README.
 */
class GateTest {
    private static final String SMALL = "dd if=/dev/zero of=file bs=4k count=1009 oflag=dsync status=none";
    private static final String LARGE = "dd if=/dev/zero of=file bs=4M count=31 oflag=dsync status=none";

    @TempDir
    static Path stage;

    private static Path disk;

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() throws InterruptedException {
        for (Process each : started) {
            each.destroyForcibly().waitFor();
        }
    }

    private record Ended(int status, String output, String errors) {
        String verdict() {
            return output.lines().findFirst().orElse("");
        }
    }

    @BeforeAll
    static void mount() throws IOException {
        Path image = stage.resolve("image");
        disk = Files.createDirectories(stage.resolve("disk"));
        Commands.run("truncate", "-s", "512M", image.toString());
        Commands.run("mkfs.ext4", "-q", image.toString());
        Commands.run("mount", "-o", "loop", image.toString(), disk.toString());
    }

    @AfterAll
    static void unmount() {
        Commands.run("umount", disk.toString());
    }

    private Process start(String... options) throws IOException {
        String[] arguments =
                Stream.concat(Stream.of("gate"), Stream.of(options)).toArray(String[]::new);
        Process process = new ProcessBuilder(Writescope.command(Writescope.classPath(), arguments))
                .directory(disk.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(directory.resolve("output").toFile())
                .redirectError(directory.resolve("errors").toFile())
                .start();
        started.add(process);
        return process;
    }

    private Ended end(Process process) throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(
                process.exitValue(),
                Files.readString(directory.resolve("output")),
                Files.readString(directory.resolve("errors")));
    }

    private Ended gate(String... options) throws Exception {
        return end(start(options));
    }

    /** With few repetitions, and a command line as a shell splits it. */
    private Ended quick(String options, String command) throws Exception {
        List<String> all = new ArrayList<>(List.of("--repeat", "6", "--quantile", "50"));
        all.addAll(List.of(options.split(" ", -1)));
        all.addAll(List.of("--", "sh", "-c", command));
        return gate(all.toArray(String[]::new));
    }

    private Path baseline() throws Exception {
        Path file = directory.resolve("baseline.hlog");
        Ended made = quick("--update-baseline --baseline " + file, SMALL);
        assertThat(made.status()).as(made.errors()).isZero();
        return file;
    }

    private static List<Path> cgroupsOf(long pid) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path root : List.of(
                Path.of("/sys/fs/cgroup"), Path.of("/sys/fs/cgroup/unified"), Path.of("/sys/fs/cgroup/blkio"))) {
            if (Files.isDirectory(root)) {
                try (Stream<Path> all = Files.walk(root, 3)) {
                    all.filter(each -> each.getFileName().toString().startsWith("writescope-" + pid + "-"))
                            .forEach(found::add);
                }
            }
        }
        return found;
    }

    @Test
    void a_command_against_itself_is_green() throws Exception {
        Ended gate = gate("--quantile", "50", "--baseline-command", SMALL, "--", "sh", "-c", SMALL);
        assertThat(gate.verdict()).startsWith("gate: green: ");
        assertThat(gate.status()).isZero();
    }

    @Test
    void a_slower_command_is_red_in_every_format_and_takes_turns_with_the_baseline() throws Exception {
        Path markdown = Files.writeString(directory.resolve("summary"), "# Job\n\n");
        Path xml = directory.resolve("gate.xml");
        Path json = directory.resolve("gate.json");
        Ended gate = gate(
                "--quantile",
                "50",
                "--repeat",
                "7",
                "--baseline-command",
                SMALL,
                "--summary",
                markdown.toString(),
                "--summary",
                xml.toString(),
                "--summary",
                json.toString(),
                "--",
                "sh",
                "-c",
                LARGE);
        assertThat(gate.verdict()).startsWith("gate: red: ").contains("at least");
        assertThat(gate.status()).isEqualTo(1);
        assertThat(Files.readString(markdown))
                .startsWith("# Job\n\n**writescope gate")
                .contains("| red |");
        assertThat(Files.readString(xml)).contains("<failure ");
        assertThat(JsonLine.parse(Files.readString(json).strip()).text("verdict"))
                .isEqualTo("red");
        assertThat(gate.errors()
                        .lines()
                        .filter(line -> line.contains(", repetition "))
                        .map(line -> line.replaceAll("^writescope: ([a-z]+),.*", "$1")))
                .containsExactlyElementsOf(Stream.generate(() -> List.of("baseline", "candidate"))
                        .limit(7)
                        .flatMap(List::stream)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({"true, neither made an operation", "dd if=/dev/zero of=file bs=4k count=3 oflag=dsync, are needed"})
    void too_little_to_judge_is_no_verdict(String command, String said) throws Exception {
        Ended gate = gate("--repeat", "6", "--warm-up", "0", "--baseline-command", command, "--", "sh", "-c", command);
        assertThat(gate.verdict()).startsWith("gate: no verdict: ").contains(said);
        assertThat(gate.status()).isEqualTo(4);
    }

    @Test
    void a_command_that_fails_is_no_verdict_and_its_output_is_shown() throws Exception {
        Ended gate = quick("--baseline-command true", "echo what went wrong; exit 7");
        assertThat(gate.output())
                .isEqualTo("gate: no verdict: warm-up 1 of 1 of the candidate ended with exit status 7: its output is"
                        + " above\n");
        assertThat(gate.errors()).contains("what went wrong");
        assertThat(gate.status()).isEqualTo(4);
    }

    @Test
    void a_command_that_does_not_exist_is_wrong_usage() throws Exception {
        Ended gate = gate("--baseline-command", "true", "--", "no-such-command");
        assertThat(gate.errors()).isEqualTo("writescope: no command no-such-command: check its name and PATH\n");
        assertThat(gate.status()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-- true",
                "--baseline none.hlog -- true",
                "--baseline a --baseline-command b -- true",
                "--baseline-command b --update-baseline -- true",
                "--baseline-command b --repeat 2 -- true",
                "--baseline-command b --quantile 98 -- true",
                "--baseline-command b --max-regression much -- true",
                "--baseline-command b --summary /proc/nowhere/file -- true",
                "--baseline-command b"
            })
    void options_that_make_no_sense_are_wrong_usage(String options) throws Exception {
        Ended gate = gate(options.split(" ", -1));
        assertThat(gate.errors().lines()).singleElement().asString().startsWith("writescope: ");
        assertThat(gate.status()).isEqualTo(2);
    }

    @Test
    void a_baseline_is_made_fits_and_is_compared_with() throws Exception {
        Path file = baseline();
        Ended slower = quick("--baseline " + file, LARGE);
        assertThat(slower.verdict()).startsWith("gate: red: ");
        assertThat(slower.status()).isEqualTo(1);
        try (RecordingReader reader = RecordingReader.open(file)) {
            while (reader.next() != null) {
                // only the canaries are of interest
            }
            assertThat(reader.canaries()).hasSize(2);
            assertThat(reader.truncated()).isFalse();
        }
        Path other = directory.resolve("other.hlog");
        Files.writeString(
                other, Files.readString(file).replaceFirst("\"machine\":\"[^\"]*\"", "\"machine\":\"amd64, 97 Z80\""));
        Ended refused = quick("--baseline " + other, SMALL);
        assertThat(refused.verdict())
                .startsWith("gate: no verdict: the baseline does not fit")
                .contains("97 Z80", "--update-baseline");
        assertThat(refused.status()).isEqualTo(4);
    }

    @Test
    void a_baseline_stays_when_its_successor_fails() throws Exception {
        Path file = Files.writeString(directory.resolve("old.hlog"), "#[Histogram log format version 1.3]\n");
        Ended foreign = quick("--update-baseline --baseline " + file, SMALL);
        assertThat(foreign.status()).isEqualTo(2);
        assertThat(Files.readString(file)).hasSize(36);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void a_signal_leaves_no_cgroup_no_process_and_no_half_baseline(String signal) throws Exception {
        Path file = directory.resolve("never.hlog");
        Path running = directory.resolve("running");
        Process gate = start(
                "--update-baseline",
                "--baseline",
                file.toString(),
                "--",
                "sh",
                "-c",
                "echo $$ >" + running + "; sleep 97; true");
        while (!Files.exists(running) || Files.size(running) == 0) {
            assertThat(gate.isAlive()).isTrue();
            Thread.sleep(20);
        }
        Commands.run("kill", "-" + signal, Long.toString(gate.pid()));
        Ended ended = end(gate);
        assertThat(ended.verdict()).isEqualTo("gate: no verdict: interrupted");
        assertThat(ended.status()).isEqualTo(4);
        assertThat(cgroupsOf(gate.pid())).isEmpty();
        assertThat(Path.of("/proc", Files.readString(running).strip())).doesNotExist();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("running", "output", "errors");
        }
    }
}
