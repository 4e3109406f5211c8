package dev.writescope.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.Share;
import dev.writescope.probe.Losses;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import java.util.zip.DeflaterOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.Test;

class RecordingReaderTest {
    private static final Path NAME = Path.of("run.hlog");
    private static final List<Interval> RUN = List.of(
            Samples.interval(0),
            Samples.interval(1, List.of(), List.of(), new Losses(0, 11, 0))
                    .judgedBy(_ -> List.of(Samples.regression("db"))),
            Samples.interval(2));

    private static final String OWNER =
            ContextLines.owner(7, Container.host("")).strip();

    @Test
    void a_recording_of_before_parts_could_be_lost_is_read_as_if_none_was() throws IOException {
        String text = new String(recording(), StandardCharsets.US_ASCII);
        assertThat(text).contains(",\"parts\":0}", ",\"parts\":7}");
        try (RecordingReader reader = read(text.replaceAll(",\"parts\":[0-9]+", ""))) {
            assertThat(reader.next()).isEqualTo(RUN.getFirst());
            while (reader.next() != null) {}
            assertThat(Objects.requireNonNull(reader.end()).lost()).isEqualTo(new Losses(2, 3, 5));
        }
    }

    private static byte[] recording() throws IOException {
        Path file = Files.createTempFile("recording", ".hlog");
        try {
            Samples.record(file, Samples.START, RUN, Samples.end(3));
            return Files.readAllBytes(file);
        } finally {
            Files.delete(file);
        }
    }

    private static RecordingReader read(byte[] bytes) throws IOException {
        return RecordingReader.open(NAME, new ByteArrayInputStream(bytes));
    }

    private static RecordingReader read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void drain(byte[] bytes) throws IOException {
        try (RecordingReader reader = read(bytes)) {
            SeriesSums sums = new SeriesSums();
            for (Interval interval = reader.next(); interval != null; interval = reader.next()) {
                interval.series().forEach(series -> series.percentileNs(99));
                sums.add(interval);
            }
            sums.endOfCutRun(reader.start().time()).totals().forEach(total -> total.percentileNs(99));
        }
    }

    @Test
    void a_recording_cut_at_any_byte_gives_everything_before_the_cut() throws IOException {
        byte[] whole = recording();
        String text = new String(whole, StandardCharsets.US_ASCII);
        int runKnown = text.indexOf('\n', text.indexOf("#[writescope")) + 1;
        int[] intervalStarts = {
            text.indexOf("#[interval"),
            text.indexOf("#[interval", text.indexOf("#[interval") + 1),
            text.lastIndexOf("#[interval"),
            text.indexOf("#[end")
        };
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            if (length < runKnown) {
                assertThatThrownBy(() -> read(cut))
                        .isInstanceOf(RecordingException.class)
                        .hasMessageContaining("run.hlog");
                continue;
            }
            int complete = (int) Arrays.stream(intervalStarts, 1, 4)
                    .filter(end -> end <= cut.length)
                    .count();
            try (RecordingReader reader = read(cut)) {
                List<Interval> intervals = Samples.intervals(reader);
                assertThat(reader.start()).isEqualTo(Samples.START);
                assertThat(reader.truncated()).as("cut at %s", length).isTrue();
                assertThat(reader.end()).isNull();
                assertThat(intervals.size()).isBetween(complete, complete + 1);
                assertThat(intervals.subList(0, complete)).isEqualTo(RUN.subList(0, complete));
                if (intervals.size() > complete) {
                    List<SeriesInterval> part = intervals.getLast().series();
                    assertThat(part).isEqualTo(RUN.get(complete).series().subList(0, part.size()));
                }
            }
        }
    }

    @Test
    void lines_of_newer_versions_and_windows_line_breaks_are_read() throws IOException {
        String text = new String(recording(), StandardCharsets.US_ASCII)
                .replace("#[interval", "#[cause {\"new\":[1,2}]\n# by hand\n\n#[interval")
                .replace("\n", "\r\n");
        try (RecordingReader reader = read(text)) {
            assertThat(Samples.intervals(reader)).isEqualTo(RUN);
            assertThat(reader.truncated()).isFalse();
        }
    }

    @Test
    void the_log_of_another_tool_is_told_from_a_recording() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HistogramLogWriter writer = new HistogramLogWriter(bytes);
        writer.outputLogFormatVersion();
        writer.outputStartTime(1_764_000_000_000L);
        writer.outputLegend();
        writer.outputIntervalHistogram(new Histogram(2));
        assertThatThrownBy(() -> read(bytes.toByteArray()))
                .isInstanceOf(RecordingException.class)
                .hasMessageStartingWith("run.hlog:3: not a writescope recording");
    }

    @Test
    void an_empty_file_says_that_nothing_was_recorded() {
        assertThatThrownBy(() -> read(new byte[0]))
                .isInstanceOf(RecordingException.class)
                .hasMessage("run.hlog is empty: nothing was recorded");
    }

    @Test
    void another_schema_names_the_version_that_can_read_it() throws IOException {
        String text = new String(recording(), StandardCharsets.US_ASCII)
                .replace("\"schema\":1,\"version\":\"0.1.0\"", "\"schema\":2,\"version\":\"7.3.1\"");
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(RecordingException.class)
                .hasMessageStartingWith("run.hlog:2: the recording has schema 2, written by writescope 7.3.1");
    }

    @Test
    void missing_files_and_directories_are_told() {
        assertThatThrownBy(() -> RecordingReader.open(Path.of("/nonexistent/run.hlog")))
                .isInstanceOf(RecordingException.class)
                .hasMessage("/nonexistent/run.hlog does not exist: check the name");
        assertThatThrownBy(() -> RecordingReader.open(Path.of("/")))
                .isInstanceOf(RecordingException.class)
                .hasMessage("/ is a directory: name a recording");
    }

    @Test
    void corrupt_lines_are_told_with_their_number() throws IOException {
        StringBuilder histogram = new StringBuilder();
        try (HistogramCodec codec = new HistogramCodec()) {
            codec.encode(RUN.getFirst().series().getFirst().histogram(), histogram);
        }
        assertCorrupt("Tag=x.1,0.000,1.000,1.000," + histogram, "the tag \"x.1\" was not defined before");
        assertCorrupt("Tag=x.1,0.000,1.000,1.000," + histogram.substring(0, 44), "not a complete one");
        assertCorrupt("Tag=x.1,0.000,1.000,1.000,\u0007", "the histogram is not base64");
        assertCorrupt("Tag=x.1,0.000", "5 columns");
        assertCorrupt("0.000,1.000,1.000,AAAA", "neither a comment nor a tagged histogram");
        assertCorrupt("#[stats [1,2,5,3,9]]", "\"min\" must be an integer from 0 to 3");
        assertCorrupt("#[stats [1,2,3,99999999999999999999,9]]", "beyond 64 bits");
        assertCorrupt("#[slow {\"time\":\"yesterday\"}]", "is not a time");
        assertCorrupt("#[slow {\"time\":\u0001}]", "malformed");
        assertRegressionCorrupt("\"quantile\":0.99", "\"quantile\":1", "\"quantile\" must be between 0 and 1");
        assertRegressionCorrupt("\"quantile\":0.99", "\"quantile\":0", "\"quantile\" must be between 0 and 1");
        assertRegressionCorrupt("\"quantile\":0.99", "\"quantile\":1e999", "\"quantile\" must be");
        assertRegressionCorrupt("\"quantile\":0.99,", "", "\"quantile\" must be");
        assertRegressionCorrupt("\"alarm\"", "\"panic\"", "unknown state \"panic\"");
        assertRegressionCorrupt("\"fdatasync\"", "\"direct\"", "unknown kind \"direct\"");
        assertRegressionCorrupt("2100007", "-1", "\"baseline_ns\" must be an integer from 0");
        assertRegressionCorrupt("93000017", "\"93000017\"", "\"current_ns\" must be an integer");
        assertRegressionCorrupt("\"/var/lib/data\"", "[7]", "\"mount\" must be a string");
        assertRegressionCorrupt("\"since\":", "\"since\":\"x\",\"before\":", "\"since\" is not a time");
        assertRegressionCorrupt("\"container\":{", "\"container\":7,\"x\":{", "\"container\" must be an object");
        assertCorrupt("#[regression []]", "a JSON object is expected");
        assertCorrupt(OWNER.replace("7", "-1"), "\"number\" must be an integer from 0");
        assertCorrupt(OWNER + "\n" + OWNER, "the owner 7 is defined twice", 8);
        assertCorrupt(OWNER + "\n" + share(7, 11), "the owner 11 was not defined before", 8);
        assertCorrupt(OWNER + "\n" + share(11, 7), "the owner 11 was not defined before", 8);
        assertCorrupt(share(7, 7).replace("259:0", "\\ud8"), "malformed");
        assertCorrupt(share(7, 7).replace("\"device\":", "\"device\":[],\"x\":"), "\"device\" must be a string");
        assertCorrupt(share(7, 7).replace(":\"device", ":\"moon"), "unknown resource \"moon\"");
        assertCorrupt(share(7, 7).replace("fsync", "sleep"), "unknown operation \"sleep\"");
        assertCorrupt(share(7, 7).replace("13", "-13"), "\"ns\" must be an integer from 0");
        assertCorrupt(activity().replace("\"owner\":7", "\"owner\":11"), "the owner 11 was not defined before");
        assertCorrupt(activity().replace("4242", "4294967296"), "\"pid\" must be an integer from");
        assertCorrupt(activity().replace("8209", "-1"), "\"bytes\" must be an integer from 0");
        assertCorrupt(activity().replace("buffered", "fsync"), "unknown kind \"fsync\"");
        assertCorrupt(activity().replace("\"volume\"", "\"moon\""), "unknown mount_class \"moon\"");
        assertCorrupt("#[series " + "[".repeat(1_009) + "]", "malformed");
        assertCorrupt("#[series {\"tag\":\"x\",\"container\":{\"type\":\"vm\"}}]", "unknown type \"vm\"");
        assertCorrupt("#" + "x".repeat(Format.MAX_LINE_BYTES), "longer than");
        assertCorrupt(ContextLines.run(Samples.START).strip(), "a second run starts");
        assertCorrupt(
                ContextLines.end(Samples.end(1))
                        + ContextLines.slow(Samples.slow("")).strip(),
                "data after the end",
                8);
    }

    @Test
    void a_histogram_that_would_inflate_without_end_is_refused() throws IOException {
        assertCorrupt("Tag=x.1,0.000,1.000,1.000," + compressed(new byte[100_000_007]), "inflates to over");
    }

    @Test
    void a_histogram_with_a_header_that_asks_for_much_memory_is_refused() throws IOException {
        ByteBuffer header =
                ByteBuffer.allocate(40).putInt(0x1c849313).putInt(0).putInt(0).putInt(5);
        header.putLong(1).putLong(Long.MAX_VALUE).putDouble(1);
        assertCorrupt("Tag=x.1,0.000,1.000,1.000," + compressed(header.array()), "header is not sound");
    }

    private static String compressed(byte[] plain) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(zipped)) {
            deflater.write(plain);
        }
        ByteBuffer message = ByteBuffer.allocate(8 + zipped.size());
        message.putInt(0x1c849314).putInt(zipped.size()).put(zipped.toByteArray());
        return Base64.getEncoder().encodeToString(message.array());
    }

    private static String share(int victim, int culprit) {
        return ContextLines.share(Samples.share("db", "etl", 13), victim, culprit)
                .strip();
    }

    private static String activity() {
        return ContextLines.activity(Samples.activity("db"), 7).strip();
    }

    @Test
    void owners_are_forgotten_as_the_writer_forgets_them() throws IOException {
        List<Share> shares = IntStream.range(0, 2 * Format.REMEMBERED_OWNERS + 11)
                .mapToObj(i -> Samples.share("db", "c" + i, i))
                .toList();
        Interval many = Samples.with(Samples.interval(0), shares, List.of());
        Interval again = Samples.with(Samples.interval(1), shares.reversed(), List.of(Samples.activity("db")));
        Path file = Files.createTempFile("recording", ".hlog");
        try {
            Samples.record(file, Samples.START, List.of(many, again), Samples.end(2));
            try (RecordingReader reader = RecordingReader.open(file)) {
                assertThat(Samples.intervals(reader)).containsExactly(many, again);
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void an_owner_is_defined_once() throws IOException {
        assertThat(new String(recording(), StandardCharsets.US_ASCII).split("#\\[owner", -1))
                .hasSize(3);
    }

    /** A sound line but for one replacement. */
    private static void assertRegressionCorrupt(String sound, String corrupt, String message) throws IOException {
        String line = ContextLines.regression(Samples.regression("db")).strip();
        assertThat(line).contains(sound);
        assertCorrupt(line.replace(sound, corrupt), message);
    }

    @Test
    void a_regression_before_the_first_interval_is_refused() throws IOException {
        String text = new String(recording(), StandardCharsets.US_ASCII);
        String line = ContextLines.regression(Samples.regression("db"));
        assertThatThrownBy(() -> drain(text.replaceFirst("#\\[interval", Matcher.quoteReplacement(line + "#[interval"))
                        .getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining("there is data before the first interval");
    }

    /** The bad line comes after a first interval without series: line 7. */
    private static void assertCorrupt(String line, String message) throws IOException {
        assertCorrupt(line, message, 7);
    }

    private static void assertCorrupt(String line, String message, int number) throws IOException {
        String text = new String(recording(), StandardCharsets.US_ASCII);
        int firstData = text.indexOf('\n', text.indexOf("#[interval")) + 1;
        byte[] bytes = (text.substring(0, firstData) + line + "\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> drain(bytes))
                .isInstanceOf(RecordingException.class)
                .hasMessageStartingWith("run.hlog:" + number + ": ")
                .hasMessageContaining(message)
                .message()
                .matches("\\P{Cntrl}*");
    }

    @Property(tries = 300)
    void random_bytes_are_refused(@ForAll byte[] bytes) {
        assertThatThrownBy(() -> read(bytes)).isInstanceOf(RecordingException.class);
    }

    @Property(tries = 500)
    void a_damaged_recording_is_read_or_refused_with_its_name(@ForAll long seed) throws IOException {
        byte[] bytes = recording();
        Random random = new Random(seed);
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] =
                    random.nextBoolean() ? (byte) random.nextInt() : (byte) random.nextInt(32, 127);
        }
        try {
            drain(bytes);
        } catch (RecordingException e) {
            assertThat(e).hasMessageStartingWith("run.hlog").message().matches("\\P{Cntrl}*");
        }
    }
}
