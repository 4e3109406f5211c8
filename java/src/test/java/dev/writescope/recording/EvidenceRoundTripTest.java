package dev.writescope.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.HostileNames;
import dev.writescope.container.Container;
import dev.writescope.container.Mount;
import dev.writescope.container.MountClass;
import dev.writescope.evidence.Evidence;
import dev.writescope.evidence.Evidence.CgroupIo;
import dev.writescope.evidence.Evidence.DeletedFile;
import dev.writescope.evidence.Evidence.DeviceLoad;
import dev.writescope.evidence.Evidence.DirtyMemory;
import dev.writescope.evidence.Evidence.FileSystemFacts;
import dev.writescope.evidence.Evidence.IoLimit;
import dev.writescope.evidence.Evidence.Journal;
import dev.writescope.evidence.Evidence.KernelMessage;
import dev.writescope.evidence.Evidence.MountFacts;
import dev.writescope.evidence.Evidence.Pressure;
import dev.writescope.evidence.Evidence.ProcessIo;
import dev.writescope.evidence.Evidence.UpperDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvidenceRoundTripTest {
    @Property(tries = 200)
    void whatIsReadEqualsWhatWasRecorded(@ForAll("evidence") Evidence atStart, @ForAll("evidence") Evidence whole)
            throws IOException {
        Path file = Files.createTempFile("evidence", ".hlog");
        try {
            try (RecordingWriter writer = RecordingWriter.open(file)) {
                writer.start(Samples.START);
                writer.evidence(atStart);
                writer.interval(Samples.interval(0));
                writer.evidence(whole);
                writer.end(Samples.end(1));
            }
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1).chars())
                    .as("printable ASCII")
                    .allMatch(c -> c == '\n' || (c >= ' ' && c < 127));
            try (RecordingReader reader = RecordingReader.open(file)) {
                assertThat(Samples.intervals(reader)).containsExactly(Samples.interval(0));
                assertThat(reader.evidence()).isEqualTo(whole);
                assertThat(reader.end()).isEqualTo(Samples.end(1));
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void of_evidence_that_was_cut_short_nothing_is_taken(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("run.hlog");
        Evidence atStart = evidence(Samples.container("db"), "start", 7, 0.5);
        Evidence whole = evidence(Samples.container("db"), "end", 11, 0.25);
        try (RecordingWriter writer = RecordingWriter.open(file)) {
            writer.start(Samples.START);
            writer.evidence(atStart);
            writer.evidence(whole);
        }
        String text = Files.readString(file);
        int last = text.lastIndexOf("#[evidence.");
        Files.writeString(file, text.substring(0, last), StandardOpenOption.TRUNCATE_EXISTING);
        try (RecordingReader reader = RecordingReader.open(file)) {
            assertThat(reader.next()).isNull();
            assertThat(reader.evidence()).isEqualTo(atStart);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"start":"2026-11-24T06:00:00Z","duration_ns":7,"elements":-1}            | dirty
                    {"start":"2026-11-24T06:00:00Z","duration_ns":7,"dirty":{},"elements":1}  | dirty_bytes
                    {"start":"yesterday","duration_ns":7,"dirty":%s,"elements":1}             | start
                    {"start":"2026-11-24T06:00:00Z","duration_ns":-7,"dirty":%s,"elements":1} | duration_ns
                    {"start":"2026-11-24T06:00:00Z","duration_ns":7,"dirty":%s,"elements":70000} | elements
                    {"start":"2026-11-24T06:00:00Z","duration_ns":7,"dirty":%s,"missing":7,"elements":0} | missing
                    """)
    void a_malformed_head_is_refused_with_the_line_and_the_member(String json, String member, @TempDir Path directory)
            throws IOException {
        String dirty = "{\"dirty_bytes\":1,\"writeback_bytes\":1,\"threshold_bytes\":1,\"background_bytes\":1}";
        assertRefused(directory, "#[evidence " + json.replace("%s", dirty) + "]\n", member);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    pressure {"container":{"type":"host"},"io_some":1.5,"io_full":0,"memory_some":0} | io_some
                    pressure {"container":{"type":"guest"},"io_some":1,"io_full":0,"memory_some":0}  | type
                    process {"container":{"type":"host"},"pid":-3}                                   | pid
                    message {"time":"2026-11-24T06:00:00Z","topic":"gossip"}                         | topic
                    upper_directory {"container":{"type":"host"},"files":-1}                         | files
                    mount {"container":{"type":"host"},"mount_class":"sofa"}                         | mount_class
                    limit {"container":{"type":"host"},"value":7,"throttled_ns":-2}                  | throttled_ns
                    deleted []                                                                       | object
                    """)
    void a_malformed_element_is_refused_with_the_line_and_the_member(
            String line, String member, @TempDir Path directory) throws IOException {
        String dirty = "{\"dirty_bytes\":1,\"writeback_bytes\":1,\"threshold_bytes\":1,\"background_bytes\":1}";
        assertRefused(
                directory,
                "#[evidence {\"start\":\"2026-11-24T06:00:00Z\",\"duration_ns\":7,\"dirty\":" + dirty
                        + ",\"elements\":1}]\n#[evidence." + line + "]\n",
                member);
    }

    @Test
    void more_elements_than_announced_are_refused(@TempDir Path directory) throws IOException {
        String dirty = "{\"dirty_bytes\":1,\"writeback_bytes\":1,\"threshold_bytes\":1,\"background_bytes\":1}";
        String head = "#[evidence {\"start\":\"2026-11-24T06:00:00Z\",\"duration_ns\":7,\"dirty\":" + dirty
                + ",\"elements\":1}]\n";
        assertRefused(directory, head + "#[evidence.oracle {}]\n#[evidence.oracle {}]\n", "more evidence");
        assertRefused(directory, "#[evidence.oracle {}]\n", "without evidence");
    }

    private static void assertRefused(Path directory, String lines, String said) throws IOException {
        Path file = directory.resolve("run.hlog");
        Samples.record(file, Samples.START, List.of(), null);
        long head = Files.readString(file).lines().count();
        Files.writeString(file, lines, StandardOpenOption.APPEND);
        try (RecordingReader reader = RecordingReader.open(file)) {
            assertThatThrownBy(reader::next)
                    .isInstanceOf(RecordingException.class)
                    .hasMessageContaining(":" + (head + lines.lines().count()) + ": ")
                    .hasMessageContaining(said);
        }
    }

    @Provide
    Arbitrary<Evidence> evidence() {
        return Combinators.combine(
                        Arbitraries.of("db", "", "\u001b[31m", "a\n#[end {}]").map(Samples::container),
                        HostileNames.any(),
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.doubles().between(0, 1))
                .as(EvidenceRoundTripTest::evidence)
                .flatMap(full -> Arbitraries.integers().between(0, 3).map(n -> n == 0 ? empty(full) : full));
    }

    private static Evidence empty(Evidence full) {
        return new Evidence(
                full.start(),
                full.duration(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                full.dirty(),
                List.of());
    }

    /** Every list filled, with what is optional once there and once not. */
    private static Evidence evidence(Container container, String text, long number, double share) {
        Mount mount = new Mount(
                (int) number, "0:31", "overlay", "/", text, text, "rw", text, MountClass.UPPERDIR, "/upper" + text);
        return new Evidence(
                Samples.TIME,
                Duration.ofNanos(number),
                List.of(
                        new DeviceLoad(
                                "7:3",
                                text,
                                share,
                                1e9,
                                share,
                                1 / 3.0,
                                5,
                                7,
                                11,
                                Double.NaN,
                                Double.NaN,
                                true,
                                text,
                                ""),
                        new DeviceLoad(
                                "8:1",
                                "sda1",
                                share,
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                13,
                                0.017,
                                false,
                                "none",
                                "write back",
                                "8:0",
                                Map.of("nr_requests", text))),
                List.of(
                        new FileSystemFacts(
                                "7:3", "ext4", text, text, new Journal(3, 2, share, 1), number, 5, 7, 11, 13),
                        new FileSystemFacts("7:4", "xfs", "", "", null, 0, 0, 0, 0, 0)),
                List.of(new MountFacts(container, mount, MountClass.UPPERDIR, "7:3")),
                List.of(
                        new IoLimit(container, "7:3", "wbps", number, text, -1),
                        new IoLimit(container, "", "weight", 50, text, number)),
                List.of(new Pressure(container, share, share / 2, 0)),
                List.of(new CgroupIo(container, "7:3", number, 3, 5, 7)),
                List.of(new ProcessIo(container, 4_194_301, text, number, 17, 19, -1)),
                List.of(new DeletedFile(container, 7, text, text, "7:3", 0, number)),
                List.of(new UpperDirectory(
                        container, text, number, 3, 5, 7, 11, share < 0.5, Duration.ofNanos(number))),
                List.of(new KernelMessage(Samples.TIME, KernelMessage.Topic.IO_ERROR, "7:3", text)),
                new DirtyMemory(number, 3, 5, 7, Map.of("vm.dirty_ratio", text)),
                Collections.nCopies(2, text));
    }
}
