package dev.writescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.container.MountClass;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Place;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Coverage;
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
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final int SECONDS = 31;
    private static final long MS = 1_000_000;

    @TempDir
    Path directory;

    private record Outcome(int code, String said) {}

    /** With -o, so that standard output has only the verdict, which is not captured: it is the process's own. */
    private Outcome compare(String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            Stream<String> output = List.of(arguments).contains("-o") ? Stream.of() : Stream.of("-o", out().toString());
            String[] all = Stream.of(Stream.of("compare"), output, Stream.of(arguments))
                    .flatMap(part -> part)
                    .toArray(String[]::new);
            int code = Main.commandLine().execute(all);
            return new Outcome(code, said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }

    private Path out() {
        return directory.resolve("out");
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    /** A recording of log-normal fsync latencies, 199 a second. */
    private String record(String name, int minute, String container, long medianNs, int seconds) throws IOException {
        Path file = directory.resolve(name);
        Instant start = NOON.plusSeconds(60L * minute);
        Random random = new Random(minute);
        try (RecordingWriter writer = RecordingWriter.open(file)) {
            writer.start(run(start));
            for (int second = 0; second < seconds; second++) {
                Interval interval = new Interval(
                        start.plusSeconds(second),
                        Duration.ofSeconds(1),
                        List.of(fsyncs(container, medianNs, random)),
                        List.of(),
                        Losses.NONE);
                writer.interval(interval);
            }
            writer.end(new RunEnd(
                    start, Duration.ofSeconds(seconds), List.of(), 199L * seconds, 0, Losses.NONE, 0.1, 1 << 20));
        }
        return file.toString();
    }

    private static RunStart run(Instant start) {
        return new RunStart(
                start,
                "0.1.0",
                "node-7",
                "6.12.0",
                "x86_64, 7 × CPU",
                "v2",
                Duration.ofSeconds(1),
                2,
                List.of(),
                List.of(new Coverage(Operation.FSYNC, "tp_btf", List.of())));
    }

    private static SeriesInterval fsyncs(String name, long medianNs, Random random) {
        Histogram histogram = new Histogram(1, 60_000_000_000L, 2);
        long sum = 0;
        for (int i = 0; i < 199; i++) {
            long latency = (long) (medianNs * Math.exp(0.3 * random.nextGaussian()));
            histogram.recordValue(latency);
            sum += latency;
        }
        Container container = new Container(Container.Type.CONTAINER, name, "c0ffee", "containerd", "", "", "", "", "");
        Place place = new Place("ext4", "8:16", "/data", MountClass.VOLUME, "rw");
        SeriesKey key = new SeriesKey(container, 4711, Kind.FSYNC, Stage.TOTAL, place);
        return new SeriesInterval(
                key, 199, 0, 0, histogram.getMinNonZeroValue(), histogram.getMaxValue(), sum, histogram);
    }

    private String before() throws IOException {
        return record("before.hlog", 0, "db", 7 * MS, SECONDS);
    }

    /** In a process of its own, as a shell would start it with a pipe behind it. */
    @Test
    void standard_output_is_a_file_to_write_to() throws Exception {
        String before = before();
        String after = record("after.hlog", 3, "db", MS, SECONDS);
        List<String> command = List.of(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.writescope.cli.Main",
                "compare",
                "--format",
                "json",
                "-o",
                "/dev/stdout",
                before,
                after);
        Process compare = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(compare.inputReader(StandardCharsets.UTF_8).readAllLines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("{\"type\":\"comparison\"");
        assertThat(compare.waitFor()).isZero();
    }

    @Test
    void a_link_of_another_user_is_refused_in_one_line() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "precious");
        Path link = Files.createSymbolicLink(directory.resolve("page"), target);
        Files.setAttribute(link, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        Outcome refused = compare("-o", link.toString(), before(), record("after.hlog", 3, "db", MS, SECONDS));
        assertThat(refused)
                .isEqualTo(new Outcome(
                        2,
                        "writescope: " + link + " is a symbolic link of another user: name the file it points to\n"));
        assertThat(target).hasContent("precious");
    }

    @Test
    void a_hostile_file_name_is_told_and_not_obeyed() {
        Outcome refused = compare(file("\u001b[2J\n##[error]"), file("absent"));
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.said().lines())
                .singleElement()
                .asString()
                .startsWith("writescope: ")
                .contains("[2J")
                .doesNotContain("\u001b", "##");
    }

    @Test
    void an_improvement_is_fine_and_told_in_every_format() throws IOException {
        String before = before();
        String after = record("after.hlog", 3, "db", MS, SECONDS);
        String start = Files.readString(write("text", before, after));
        assertThat(start).startsWith("db fsync P99 improved from 1");
        assertThat(start.lines().findFirst().orElse("")).contains(" times as fast (between ");
        assertThat(write("json", before, after)).content().startsWith("{\"type\":\"comparison\",\"schema\":1,");
        assertThat(write("markdown", before, after)).content().startsWith("**▼ db fsync P99 improved");
        assertThat(write("junit", before, after)).content().contains("<testsuite name=\"writescope compare\"");
        assertThat(write("html", before, after))
                .content()
                .startsWith("<!DOCTYPE html>")
                .contains("db fsync P99");
    }

    private Path write(String format, String before, String after) {
        assertThat(compare(before, after, "--format", format, "--fail-on", "regression"))
                .isEqualTo(new Outcome(0, ""));
        return out();
    }

    @Test
    void a_regression_is_a_failure_only_when_asked_to_be() throws IOException {
        String before = before();
        String after = record("after.hlog", 3, "db", 11 * MS, SECONDS);
        assertThat(compare(before, after)).isEqualTo(new Outcome(0, ""));
        assertThat(compare(before, after, "--fail-on", "regression")).isEqualTo(new Outcome(1, ""));
        assertThat(out()).content().startsWith("db fsync P99 regressed");
        assertThat(compare(before, after, "--fail-on", "regression", "--min-effect", "300%"))
                .isEqualTo(new Outcome(0, ""));
        assertThat(out()).content().startsWith("db fsync").contains("no change larger than 300 %");
    }

    @Test
    void without_enough_data_or_anything_in_common_no_verdict_is_possible() throws IOException {
        String before = before();
        assertThat(compare(before, record("short.hlog", 3, "db", MS, 1)).code()).isEqualTo(4);
        assertThat(out()).content().startsWith("no verdict is possible: ");
        assertThat(compare(before, record("other.hlog", 5, "web", MS, SECONDS)).code())
                .isIn(0, 4); // a single container on each side may be matched though its name changed
        assertThat(compare(before, record("empty.hlog", 7, "db", MS, 0)).code()).isEqualTo(4);
        assertThat(out()).content().startsWith("no verdict is possible: ").contains("empty.hlog");
    }

    @Test
    void a_recording_that_was_cut_is_compared_as_far_as_it_goes() throws IOException {
        String before = before();
        byte[] whole = Files.readAllBytes(Path.of(record("whole.hlog", 3, "db", MS, 2 * SECONDS)));
        Path cut = directory.resolve("cut.hlog");
        Files.write(cut, Arrays.copyOf(whole, whole.length * 2 / 3));
        assertThat(compare(before, cut.toString()))
                .isEqualTo(new Outcome(0, "writescope: " + cut + " was cut short; what is there is compared\n"));
        assertThat(out()).content().startsWith("db fsync P99 improved").contains("cut short");
    }

    private void assertRefused(String message, String... arguments) {
        assertThat(compare(arguments)).isEqualTo(new Outcome(2, "writescope: " + message + "\n"));
        assertThat(out()).doesNotExist();
    }

    @Test
    void recordings_in_the_wrong_order_or_twice_are_told() throws IOException {
        String before = before();
        String after = record("after.hlog", 3, "db", MS, SECONDS);
        assertRefused(
                before + " was recorded before " + after + ": write writescope compare " + before + " " + after,
                after,
                before);
        assertRefused("BEFORE and AFTER are the same file, " + before + ": name two recordings", before, before);
        Path link = Files.createSymbolicLink(directory.resolve("link.hlog"), Path.of(before));
        assertRefused("BEFORE and AFTER are the same file, " + before + ": name two recordings", before, link + "");
        Path copy = Files.copy(Path.of(before), directory.resolve("copy.hlog"));
        assertRefused(before + " and " + copy + " are copies of one recording", before, copy + "");
    }

    @Test
    void what_is_no_recording_is_told_in_one_line() throws IOException {
        String before = before();
        assertRefused(file("absent") + " does not exist: check the name", before, file("absent"));
        assertRefused(directory + " is a directory: name a recording", before, directory.toString());
        Path empty = Files.createFile(directory.resolve("empty"));
        assertThat(compare(before, empty.toString()).said())
                .startsWith("writescope: " + empty)
                .hasLineCount(1);
        Path other = Files.writeString(
                directory.resolve("other.hlog"),
                "#[Histogram log format version 1.3]\n#[StartTime: 1441812279.474]\n0.127,1.007,2.769,HISTFAAA\n");
        assertThat(compare(before, other.toString()).said())
                .startsWith("writescope: " + other)
                .hasLineCount(1);
        Path newer = Files.writeString(
                directory.resolve("newer.hlog"),
                Files.readString(Path.of(before)).replaceFirst("\"schema\":1", "\"schema\":23"));
        Outcome outcome = compare(before, newer.toString());
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.said())
                .startsWith("writescope: " + newer)
                .contains("23")
                .hasLineCount(1);
    }

    @Test
    void output_never_replaces_a_recording_and_says_when_it_cannot_be_written() throws IOException {
        String before = before();
        String after = record("after.hlog", 3, "db", MS, SECONDS);
        Outcome outcome = compare(before, after, "-o", before);
        assertThat(outcome.code()).isEqualTo(2);
        assertRefused(
                "the directory of " + file("none/page.html") + " does not exist: create it first",
                before,
                after,
                "-o",
                file("none/page.html"));
    }

    @Test
    void shares_that_make_no_sense_are_told() throws IOException {
        String before = before();
        assertRefused(
                "--min-effect: '10' is no percentage: write it as 10%; see writescope compare --help",
                before, before, "--min-effect", "10");
        assertRefused("--min-effect must be above 0% and at most 1000%", before, before, "--min-effect", "0%");
        assertRefused("--confidence must be from 50% to 99.99%", before, before, "--confidence", "100%");
    }
}
