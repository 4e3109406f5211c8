package dev.writescope.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.latency.Interval;
import dev.writescope.latency.Judge;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    @TempDir
    Path directory;

    private Samples.Memory replayed(@Nullable RunEnd end) throws IOException, InterruptedException {
        return replayed(List.of(Samples.interval(0), Samples.interval(1)), end, Judge.NONE);
    }

    private Samples.Memory replayed(List<Interval> run, @Nullable RunEnd end, Judge judge)
            throws IOException, InterruptedException {
        Path file = directory.resolve("run.hlog");
        Samples.record(file, Samples.START, run, end);
        Samples.Memory memory = new Samples.Memory();
        try (RecordingReader reader = RecordingReader.open(file)) {
            Replay.paced(reader, List.of(memory), judge, 1_000_003).run();
        }
        return memory;
    }

    private static SeriesInterval fsyncOfTwoSeconds() {
        return Samples.series(
                Samples.key("db", Kind.FSYNC, 101), 2, 2, 8_198, 1_009, 20_011, 3_000_017, 1_009, 20_011, 3_000_018);
    }

    @Test
    void sinks_get_the_run_as_it_was_and_its_totals() throws Exception {
        Samples.Memory memory = replayed(Samples.end(2));
        assertThat(memory.start).isEqualTo(Samples.START);
        assertThat(memory.intervals).containsExactly(Samples.interval(0), Samples.interval(1));
        assertThat(memory.end())
                .usingRecursiveComparison()
                .ignoringFields("totals")
                .isEqualTo(Samples.end(2));
        assertThat(memory.end().totals()).hasSize(2).contains(fsyncOfTwoSeconds());
    }

    @Test
    void intervals_are_judged_anew_or_flagged_as_they_were() throws Exception {
        Regression then = Samples.regression("then");
        Regression now = Samples.regression("now");
        List<Interval> run = List.of(Samples.interval(0).judgedBy(_ -> List.of(then)), Samples.interval(1));

        assertThat(replayed(
                                run,
                                Samples.end(2),
                                interval ->
                                        interval.end().isAfter(Samples.TIME.plusSeconds(2)) ? List.of(now) : List.of())
                        .intervals)
                .extracting(Interval::regressions)
                .containsExactly(List.of(), List.of(now));
        assertThat(replayed(run, Samples.end(2), Judge.AS_RECORDED).intervals).isEqualTo(run);
    }

    @Test
    void the_end_of_a_cut_run_is_what_its_intervals_add_up_to() throws Exception {
        Samples.Memory memory = replayed(null);
        assertThat(memory.end().totals()).hasSize(2).contains(fsyncOfTwoSeconds());
        assertThat(memory.end().events()).isEqualTo(10);
        assertThat(memory.end().lost()).isEqualTo(new Losses(0, 0, 26));
        assertThat(memory.end().duration()).isEqualTo(Duration.ofNanos(2_000_000_007));
    }

    @Test
    void a_speed_that_would_never_end_is_refused() throws IOException {
        Path file = directory.resolve("run.hlog");
        Samples.record(file, Samples.START, List.of(), null);
        try (RecordingReader reader = RecordingReader.open(file)) {
            assertThatThrownBy(() -> Replay.paced(reader, List.of(), Judge.NONE, 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
