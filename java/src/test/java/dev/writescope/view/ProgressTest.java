package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Regression;
import dev.writescope.probe.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final Container DB = Sample.container("db\u001b[2J");
    private static final String FLAG =
            "12:00:17Z  db\\x{1b}[2J  fsync P99 2.10 ms -> 93.0 ms (x44.3) since 12:00:01Z  REGRESSED\n";

    private final StringBuilder said = new StringBuilder();

    @Test
    void off_a_terminal_a_flag_is_a_line_and_nothing_else_is_said() throws IOException {
        Progress progress = new Progress(Path.of("/nonexistent/run.hlog"), said, false);
        progress.start(Sample.start());
        progress.interval(Sample.interval(0));
        progress.interval(flagged());
        progress.interval(Sample.interval(17));

        assertThat(said).hasToString(FLAG);
    }

    @Test
    void on_a_terminal_flags_stay_above_the_line_that_is_rewritten() throws IOException {
        Progress progress = new Progress(Path.of("/nonexistent/run.hlog"), said, true);
        progress.interval(flagged());

        assertThat(said).hasToString("\r\033[K" + FLAG + "\r\033[K0:00:01, 0 events, 0 lost, size unknown");
    }

    @Test
    void what_is_lost_is_said_in_the_end() throws IOException {
        Progress progress = new Progress(Path.of("/nonexistent/run.hlog"), said, false);
        progress.end(Sample.end(List.of(), new Losses(2, 3, 5, 7)));

        assertThat(said.toString().lines())
                .containsExactly(
                        "writescope: events were lost: 2 fsync, 3 write, 5 block; record again with a larger --ring-size",
                        "writescope: operations were not taken apart: 7; record again with a larger --ring-size");
    }

    private static Interval flagged() {
        return Sample.flagged(
                16, List.of(), Sample.regression(Sample.NOON.plusSeconds(17), DB, Regression.State.ALARM));
    }
}
