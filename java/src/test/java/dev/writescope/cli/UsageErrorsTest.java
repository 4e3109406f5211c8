package dev.writescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageErrorsTest {
    private record Outcome(int code, String text) {}

    private static Outcome run(String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            int code = Main.commandLine().execute(arguments);
            return new Outcome(code, said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            tracee                         | there is no command tracee: did you mean trace?; see writescope --help
            trace -c                       | no value for --container CONTAINER; see writescope trace --help
            trace -d 5                     | --duration: '5' is no duration: write it as 500ms, 1s or 5m; see writescope trace --help
            trace --op foo                 | no operation is called 'foo': choose from fsync, write, block
            trace --by foo                 | cannot tell apart by 'foo': choose from mount, device, kind, phase
            trace --format xml             | --format: expected one of [live, table, json] but was 'xml'; see writescope trace --help
            trace --digits x               | --digits: 'x' is not a whole number; see writescope trace --help
            trace --detect-budget x        | --detect-budget: 'x' is no number of false alarms: write it as 0.1, 1 or 24, up to 1000, or off; see writescope trace --help
            record -o x --detect-budget 1001 | --detect-budget: '1001' is no number of false alarms: write it as 0.1, 1 or 24, up to 1000, or off; see writescope record --help
            replay x --detect-warmup 1s    | --detect-warmup must be from 10s to 1h
            trace --on-regression=         | --on-regression needs a command
            record -o x --detect-budget off --on-regression true | --on-regression never runs with --detect-budget off
            trace extra                    | 'extra' is too much; see writescope trace --help
            replay                         | missing: FILE; see writescope replay --help
            replay /nonexistent            | /nonexistent does not exist: check the name
            replay x --speed 0             | --speed: '0' is no speed: write it as 0.5, 1, 20 or max; see writescope replay --help
            record                         | missing: --output FILE; see writescope record --help
            gate -- true                   | missing: --baseline FILE or --baseline-command CMD; see writescope gate --help
            record -o x --op fsync --explain | --explain needs all operations: leave --op out
            trace --explain                | --explain is about the recording: name one with -o FILE
            record -o x -d 1s -- true      | either -d or COMMAND says when to stop: write -- timeout 30s COMMAND
            """)
    void a_wrong_command_line_is_told_in_one_line_with_exit_code_2(String line, String message) {
        assertThat(run(line.split(" ", -1))).isEqualTo(new Outcome(2, "writescope: " + message + "\n"));
    }

    @Test
    void nothing_at_all_gives_the_usage_with_exit_code_2() {
        Outcome outcome = run();
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.text()).startsWith("Usage: writescope").contains("doctor", "replay");
    }

    @Test
    void an_unknown_command_that_is_near_to_none_gives_them_all_but_the_hidden() {
        assertThat(run("qqqqqqqqq").text())
                .contains("trace, record, replay, compare, gate, explain, doctor")
                .doesNotContain("completion");
    }

    @ParameterizedTest
    @CsvSource({"off,0", "0,0", "0.0,0", "0.25,0.25", "1,1", "1000,1000"})
    void the_budget_of_false_alarms_is_a_number_or_off(String text, double budget) {
        TraceCommand trace = (TraceCommand) Main.commandLine()
                .parseArgs("trace", "--detect-budget", text)
                .subcommand()
                .commandSpec()
                .userObject();
        assertThat(trace.detect.budget).isEqualTo(budget);
    }

    @Test
    void options_after_the_command_to_record_are_its_own() {
        RecordCommand record = (RecordCommand) Main.commandLine()
                .parseArgs("record", "-o", "x", "fio", "-o", "y", "--name=z")
                .subcommand()
                .commandSpec()
                .userObject();
        assertThat(record.command).containsExactly("fio", "-o", "y", "--name=z");
    }
}
