package dev.writescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.Observation;
import dev.writescope.explain.Situation;
import dev.writescope.latency.Interval;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import dev.writescope.recording.RecordingWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
    private static final long MS = 1_000_000;

    @TempDir
    Path directory;

    private record Outcome(int code, String said) {}

    private static Outcome explain(Object... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            String[] all = Stream.concat(
                            Stream.of("explain"), Stream.of(arguments).map(Object::toString))
                    .toArray(String[]::new);
            return new Outcome(Main.commandLine().execute(all), said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }

    private Path recording(Situation situation, String... chosen) throws IOException {
        Observation observed = situation.observed();
        Path file = directory.resolve("a.hlog");
        try (RecordingWriter writer = RecordingWriter.open(file)) {
            writer.start(madeFor(observed.start(), chosen));
            List<SeriesInterval> series = new ArrayList<>(observed.series());
            writer.interval(new Interval(
                    observed.end().start(),
                    Duration.ofSeconds(Situation.SECONDS),
                    series,
                    List.of(),
                    Losses.NONE,
                    observed.regressions()));
            writer.end(observed.end());
        }
        return file;
    }

    private static RunStart madeFor(RunStart start, String... chosen) {
        return new RunStart(
                start.time(),
                start.version(),
                start.host(),
                start.kernel(),
                start.machine(),
                start.cgroupMode(),
                start.interval(),
                start.significantDigits(),
                List.of(chosen),
                start.coverage());
    }

    private static Situation held() {
        return Situation.calm().syncs(97, 97 * MS, Map.of());
    }

    private Path note() {
        return directory.resolve("note");
    }

    @Test
    void a_recording_without_parts_says_that_it_is_slow_and_what_is_therefore_unknown() throws IOException {
        Path file = recording(held().regressed(Operation.FSYNC, 2 * MS, 97 * MS));
        assertThat(explain("--from", file, "-c", "db", "-o", note()))
                .isEqualTo(new Outcome(
                        ExitCode.FINE,
                        "writescope: " + file
                                + " was recorded without --explain: it does not say how the host was, where"
                                + " the time goes and who held what was waited for, so causes may stay unknown\n"));
        assertThat(Files.readString(note()).replaceAll("\\s+", " "))
                .startsWith(
                        "shop/db-0/db: P99 of fsync rose from 2 ms to 97 ms. That is unusual, and no cause can be named.")
                .contains("where the time goes: waits were not taken apart", "the recording has none");
    }

    @Test
    void a_recording_with_parts_is_explained_by_them() throws IOException {
        Path file = recording(Situation.calm().syncs(97, 131 * MS, Map.of(Stage.LOCK, 0.9, Stage.RUNNING, 0.05)));
        assertThat(explain("--from", file, "--format", "json", "-o", note()).code())
                .isZero();
        assertThat(note()).content().contains("\"verdict\":\"causes\"", "\"name\":\"lock\"");
    }

    @Test
    void a_recording_is_about_those_it_was_made_for_unless_others_are_chosen() throws IOException {
        Situation two = held().operations(Situation.ETL, Kind.FSYNC, Situation.DATA, 97, 131 * MS, Map.of());
        Path file = recording(two, "db");
        explain("--from", file, "-o", note());
        assertThat(note()).content().contains("shop/db-0/db").doesNotContain("batch/etl-7/etl");
        explain("--from", file, "-c", "etl", "-o", note());
        assertThat(note()).content().contains("batch/etl-7/etl").doesNotContain("shop/db-0/db");
    }

    @Test
    void too_little_to_say_anything_is_no_verdict() throws IOException {
        assertThat(explain("--from", recording(Situation.calm()), "-o", note())).satisfies(outcome -> {
            assertThat(outcome.code()).isEqualTo(ExitCode.NO_VERDICT);
            assertThat(outcome.said()).endsWith("writescope: no write and no sync was seen that could be explained\n");
        });
        assertThat(explain("--from", recording(Situation.calm().syncs(7, MS, Map.of())), "-o", note())
                        .code())
                .isEqualTo(ExitCode.NO_VERDICT);
        assertThat(note()).content().contains("Too little happened to say more: 7 operations.");
    }

    @Test
    void who_is_not_in_a_recording_cannot_be_explained() throws IOException {
        Outcome outcome = explain("--from", recording(held()), "-c", "nobody");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.said()).contains("matches: it has shop/db-0/db");
    }

    @Test
    void what_makes_no_sense_is_wrong_usage() throws IOException {
        Path file = recording(held());
        for (Outcome outcome : List.of(
                explain("--from", file, "-d", "3s"),
                explain("--from", file, "--pid", "1"),
                explain("--from", file, "-o", file),
                explain("--from", file, "--record", note()),
                explain("--record", note(), "-o", note()),
                explain("--op", "fsync"),
                explain("--from", directory.resolve("missing.hlog")),
                explain("--format", "pdf"))) {
            assertThat(outcome.code()).as(outcome.said()).isEqualTo(ExitCode.USAGE);
            assertThat(outcome.said()).isNotEmpty();
        }
        assertThat(Files.size(file)).isPositive();
    }
}
