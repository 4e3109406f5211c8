package dev.writescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.explain.Explainer;
import dev.writescope.explain.Situation;
import dev.writescope.probe.Kind;
import dev.writescope.trace.Commands;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What a note says verifies its remedies is what the program takes. */
class VerifyLinesTest {
    @ParameterizedTest
    @ValueSource(strings = {"db", "-x1", "a b'$(reboot)", "x=y"})
    void record_and_compare_take_the_lines(String name) {
        var container = new Container(Container.Type.CONTAINER, name, "", "docker", "", "", "", "", "");
        List<String> lines = Explainer.explain(
                        Situation.calm()
                                .operations(container, Kind.FSYNC, Situation.DATA, 100, Situation.MS, Map.of())
                                .observed(),
                        key -> key.container().equals(container))
                .notes()
                .getFirst()
                .verify();
        RecordCommand before = parsed(new RecordCommand(), lines.getFirst());
        RecordCommand after = parsed(new RecordCommand(), lines.get(1));
        CompareCommand compare = parsed(new CompareCommand(), lines.getLast());
        assertThat(before.choices.containers).containsExactly(name).isEqualTo(after.choices.containers);
        assertThat(before.choices.duration).hasMinutes(5).isEqualTo(after.choices.duration);
        assertThat(before.command).isEmpty();
        assertThat(List.of(before.output, after.output)).containsExactly(compare.before, compare.after);
        assertThat(before.output).isNotEqualTo(after.output).isEqualTo(Path.of("before.hlog"));
    }

    /** As a shell takes the line apart. */
    private static <C> C parsed(C command, String line) {
        String[] words = Commands.run("bash", "-c", "printf '%s\\0' " + line).split("\0", -1);
        assertThat(words).startsWith("writescope", new CommandLine(command).getCommandName());
        new CommandLine(command).parseArgs(Arrays.copyOfRange(words, 2, words.length - 1));
        return command;
    }
}
