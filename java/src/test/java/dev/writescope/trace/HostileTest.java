package dev.writescope.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.SharedStage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process, its file and its cgroup, as anybody may call them: names with terminal escapes, line breaks, commands to CI
 * services and bytes that are no UTF-8, which Java's paths cannot hold: a shell makes them.
 */
@ExtendWith(SharedStage.class)
class HostileTest {
    /** The kernel keeps 15 bytes. */
    private static final String COMM = "\\033[2J\\n\\377::x";

    private static final String FILE = "\\033]0;title\\007\\r\\n::error::x ##[add-mask]x\\302\\233\\342\\200\\256\\377";
    /** The kernel allows all but line feeds. */
    private static final String CGROUP = "\\033[31m::\\377\\302\\205.service";

    /** Waits for a line of input when it is in the cgroup: then it is known to whoever traces. */
    private static final String RUN = """
            cgroup=$1/$(printf "$4") program=$2/$(printf "$5") file=$2/$(printf "$6")
            mkdir "$cgroup" && cp "$3" "$program" && echo ready && (
                read go
                sh -c 'echo $$ > "$1/cgroup.procs"; exec "$2" "$3" create write=3 fsync=2' sh "$cgroup" "$program" "$file"
            )
            rmdir "$cgroup"
            """;

    private final Path top;
    private final Path workload;

    @TempDir
    Path directory;

    HostileTest(ContainerStage stage) {
        Path hybrid = Path.of("/sys/fs/cgroup/unified");
        Path root = Files.isDirectory(hybrid) ? hybrid : Path.of("/sys/fs/cgroup");
        top = root.resolve("writescope-hostile-" + ProcessHandle.current().pid());
        workload = Workload.on(stage).directory().resolve("workload");
    }

    @BeforeEach
    void make() throws IOException {
        Files.createDirectory(top);
    }

    @AfterEach
    void remove() {
        Commands.run(
                "sh",
                "-c",
                "for each in \"$1\"/*/; do [ ! -d \"$each\" ] || rmdir \"$each\"; done; rmdir \"$1\"",
                "sh",
                top.toString());
    }

    private record Printed(int status, String output, String errors) {}

    /** Traces while the shell runs, in this locale. */
    private Printed trace(String locale, String format) throws Exception {
        Process shell = new ProcessBuilder(
                        "sh",
                        "-c",
                        RUN,
                        "sh",
                        top.toString(),
                        directory.toString(),
                        workload.toString(),
                        CGROUP,
                        COMM,
                        FILE)
                .redirectErrorStream(true)
                .start();
        BufferedReader said = shell.inputReader(StandardCharsets.ISO_8859_1);
        assertThat(said.readLine()).isEqualTo("ready");
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        List<String> command = new ArrayList<>(Writescope.command(
                Writescope.classPath(), "trace", "--op", "fsync,write", "--cgroup", top.toString(), "--slow", "1ns"));
        command.addAll(List.of("--by", "mount", "-i", "200ms", "--format", format));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().putAll(Map.of("LC_ALL", locale));
        Process trace = builder.start();
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (Files.readString(output).isEmpty() && trace.isAlive() && System.nanoTime() < end) {
                Thread.sleep(17); // it says what it traces when it does
            }
            shell.outputWriter().append("go\n").close();
            assertThat(said.lines()).containsExactly("write 3 0", "fsync 2 0");
            Thread.sleep(1300); // names are looked for every second
            Commands.run("kill", "-TERM", Long.toString(trace.pid()));
            assertThat(trace.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            trace.destroyForcibly();
            shell.destroyForcibly();
        }
        return new Printed(trace.exitValue(), Files.readString(output), Files.readString(errors));
    }

    @Test
    void json_has_the_names_whatever_the_locale() throws Exception {
        Printed printed = trace("C", "json");
        assertThat(printed.errors()).isEmpty();
        assertThat(printed.status()).isZero();
        assertThat(printed.output().chars()).allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f));
        assertThat(printed.output()).doesNotContain("##");
        Report report =
                new Report(0, printed.output().lines().map(JsonLine::parse).toList(), "");
        assertThat(report.slow()).hasSize(5).allSatisfy(line -> {
            assertThat(line.text("comm")).isEqualTo("\u001b[2J\n\ufffd::x");
            assertThat(line.text("file"))
                    .endsWith("/\u001b]0;title\u0007\r\n::error::x ##[add-mask]x\u009b\u202e\ufffd");
            assertThat(line.text("service")).startsWith("\u001b[31m::").endsWith(".service");
        });
        assertThat(report.totals().of("host", "fsync").count()).isEqualTo(2);
    }

    @Test
    void a_table_shows_the_names_and_obeys_none() throws Exception {
        Printed printed = trace("C.UTF-8", "table");
        assertThat(printed.errors()).isEmpty();
        assertThat(printed.status()).isZero();
        assertThat(printed.output().codePoints())
                .noneMatch(c -> (c != '\n' && Character.isISOControl(c)) || Character.getType(c) == Character.FORMAT);
        assertThat(printed.output())
                .contains(
                        "host/\\x{1b}[31m::\ufffd\\x{85}.service",
                        "\\x{1b}[2J\\x{a}\ufffd::x[",
                        "/\\x{1b}]0;title\\x{7}\\x{d}\\x{a}::error::x \\x{23}#[add-mask]x")
                .doesNotContain("##");
        assertThat(printed.output().lines().filter(line -> line.startsWith("slow ")))
                .hasSize(5);
        assertThat(printed.output().lines().map(String::strip)).noneMatch(line -> line.startsWith("::"));
    }
}
