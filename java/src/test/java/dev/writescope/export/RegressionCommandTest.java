package dev.writescope.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.latency.Regression;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegressionCommandTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private final StringBuilder errors = new StringBuilder();

    @Test
    void each_flag_runs_the_command_with_its_facts_and_names_never_reach_the_shell() throws IOException {
        Path ran = directory.resolve("ran");
        String hostile = "$(touch " + directory + "/evil)`touch " + directory + "/evil`'; touch " + directory
                + "/evil; \"\n\0\u001b";
        List<Regression> flags = List.of(Flags.of(hostile, hostile), Flags.of("web", null));

        run(command("echo \"$WRITESCOPE_CONTAINER|$WRITESCOPE_MOUNT|$WRITESCOPE_RATIO|$0|$#\" >> " + ran), flags);

        String shown = hostile.replace("\n", "\\x{a}").replace("\0", "\\x{0}").replace("\u001b", "\\x{1b}");
        assertThat(ran).content().hasLineCount(2).contains(shown + "|" + shown + "|44.286|/bin/sh|0\n", "web||44.286");
        assertThat(directory.resolve("evil")).doesNotExist();
        assertThat(errors).isEmpty();
    }

    @Test
    void output_and_errors_go_the_same_way() throws IOException {
        Path output = Files.createFile(directory.resolve("output"));

        run(
                new RegressionCommand(
                        "echo said; echo complained >&2; cat",
                        new Complaints(errors, false),
                        Redirect.appendTo(output.toFile()),
                        LONG,
                        LONG),
                List.of(Flags.of("db", null)));

        assertThat(output).hasContent("said\ncomplained");
    }

    @Test
    void a_command_that_fails_is_told_in_one_line() {
        run(command("exit 37"), List.of(Flags.of("db\n", null)));

        assertThat(errors)
                .hasToString("writescope: --on-regression failed with exit code 37 (alarm of shop/db\\x{a}-0/db\\x{a}"
                        + " fsync)\n");
    }

    @Test
    void a_flood_of_flags_is_bounded_and_what_was_dropped_is_told() throws IOException {
        Path gate = directory.resolve("gate");
        Path ran = directory.resolve("ran");
        RegressionCommand sink = command("until [ -e " + gate + " ]; do sleep 0.01; done; echo x >> " + ran);

        sink.interval(Flags.interval(Collections.nCopies(1009, Flags.of("db", null))));

        assertThat(errors)
                .hasToString("writescope: --on-regression did not run for 941 of 1009 regressions: 68 earlier ones have"
                        + " not ended yet\n");
        Files.createFile(gate);
        end(sink);
        assertThat(ran).content().hasLineCount(68);
    }

    @Test
    void one_that_takes_too_long_is_killed_with_what_it_started() throws IOException {
        Path child = directory.resolve("child");

        run(
                new RegressionCommand(
                        "sleep 1009 & echo $! > " + child + "; wait",
                        new Complaints(errors, false),
                        Redirect.DISCARD,
                        Duration.ofSeconds(1),
                        LONG),
                List.of(Flags.of("db", null)));

        assertThat(errors)
                .hasToString("writescope: --on-regression was killed after 1 s (alarm of shop/db-0/db fsync)\n");
        assertGone(Long.parseLong(Files.readString(child).strip()));
    }

    @Test
    void the_end_of_the_run_does_not_wait_forever() throws IOException {
        Path child = directory.resolve("child");
        RegressionCommand sink = new RegressionCommand(
                "trap '' TERM; echo $$ >> " + child + "; while :; do sleep 0.1; done",
                new Complaints(errors, false),
                Redirect.DISCARD,
                LONG,
                Duration.ofSeconds(1));

        run(sink, Collections.nCopies(5, Flags.of("db", null)));

        assertThat(errors.toString().lines())
                .hasSize(5)
                .contains("writescope: --on-regression did not run for 1 regressions: the run has ended")
                .filteredOn(line -> line.startsWith("writescope: --on-regression was killed at the end of the run"))
                .hasSize(4);
        assertThat(Files.readAllLines(child)).hasSize(4).allSatisfy(pid -> assertGone(Long.parseLong(pid)));
    }

    @Test
    void below_a_screen_complaints_wait_for_its_end_and_are_bounded() {
        RegressionCommand sink = new RegressionCommand("exit 41", errors, true);
        sink.interval(Flags.interval(Collections.nCopies(23, Flags.of("db", null))));
        assertThat(errors).isEmpty();

        end(sink);

        assertThat(errors.toString().lines()).hasSize(21).last().isEqualTo("writescope: and 3 more of that kind");
    }

    @Test
    void a_run_that_fails_before_its_end_leaves_nothing_behind() throws Exception {
        Path child = directory.resolve("child");
        RegressionCommand sink = command("echo $$ > " + child + ".new; mv " + child + ".new " + child + "; sleep 1009");
        sink.interval(Flags.interval(List.of(Flags.of("db", null))));
        while (!Files.exists(child)) {
            Thread.sleep(10);
        }

        sink.close();

        assertGone(Long.parseLong(Files.readString(child).strip()));
    }

    /** Killed, and perhaps not yet reaped by init. */
    private static void assertGone(long pid) {
        Path stat = Path.of("/proc/" + pid + "/stat");
        String state;
        try {
            state = Files.readString(stat);
        } catch (IOException gone) {
            return;
        }
        assertThat(state.substring(state.lastIndexOf(')') + 2)).startsWith("Z");
    }

    private RegressionCommand command(String text) {
        return new RegressionCommand(text, new Complaints(errors, false), Redirect.DISCARD, LONG, LONG);
    }

    private static void run(RegressionCommand sink, List<Regression> flags) {
        sink.interval(Flags.interval(flags));
        end(sink);
    }

    private static void end(RegressionCommand sink) {
        sink.end(Flags.END);
        sink.close();
    }
}
