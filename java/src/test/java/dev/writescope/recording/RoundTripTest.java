package dev.writescope.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.HostileNames;
import dev.writescope.container.Container;
import dev.writescope.container.MountClass;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.latency.Share;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RoundTripTest {
    @Test
    void noControlCharacterOfANameReachesTheFile() throws IOException {
        Path file = Files.createTempFile("recording", ".hlog");
        try {
            Interval interval = Samples.interval(
                    0,
                    List.of(Samples.series(Samples.key("a\u007f\u001b\u0085", Kind.FSYNC, 1), 2, 0, 0, 13)),
                    List.of(),
                    Losses.NONE);
            Samples.record(file, Samples.START, List.of(interval), Samples.end(1));
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1).chars())
                    .allMatch(c -> c == '\n' || (c >= ' ' && c < 127));
            try (RecordingReader reader = RecordingReader.open(file)) {
                assertThat(Samples.intervals(reader)).containsExactly(interval);
            }
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void canariesAreReadBack() throws IOException {
        Path file = Files.createTempFile("recording", ".hlog");
        try {
            Canary canary = new Canary(Samples.TIME, 61, 1_013, 10_007);
            try (RecordingWriter writer = RecordingWriter.open(file)) {
                writer.start(Samples.START);
                writer.canary(canary);
                writer.end(Samples.end(0));
            }
            try (RecordingReader reader = RecordingReader.open(file)) {
                assertThat(Samples.intervals(reader)).isEmpty();
                assertThat(reader.canaries()).containsExactly(canary);
            }
        } finally {
            Files.delete(file);
        }
    }

    @Property(tries = 150)
    void whatIsReadEqualsWhatWasRecorded(@ForAll("starts") RunStart start, @ForAll("runs") List<Interval> run)
            throws IOException {
        Path file = Files.createTempFile("recording", ".hlog");
        try {
            Samples.record(file, start, run, Samples.end(7));
            try (RecordingReader reader = RecordingReader.open(file)) {
                assertThat(reader.start()).isEqualTo(start);
                assertThat(Samples.intervals(reader))
                        .isEqualTo(run.stream()
                                .map(each -> Samples.with(each, each.shares(), BusiestActivity.of(each.activity())))
                                .toList());
                assertThat(reader.end()).isEqualTo(Samples.end(7));
                assertThat(reader.truncated()).isFalse();
            }
            assertThat(Files.readString(file, StandardCharsets.ISO_8859_1).chars())
                    .as("printable ASCII")
                    .allMatch(c -> c == '\n' || (c >= ' ' && c < 127));
        } finally {
            Files.delete(file);
        }
    }

    @Provide
    Arbitrary<RunStart> starts() {
        return Combinators.combine(
                        texts(),
                        texts().list().ofMaxSize(3),
                        Arbitraries.integers().between(2, 3))
                .as((text, patterns, digits) -> new RunStart(
                        Samples.TIME,
                        text,
                        text,
                        text,
                        text,
                        text,
                        Duration.ofMillis(997),
                        digits,
                        patterns,
                        Samples.START.coverage()));
    }

    @Provide
    Arbitrary<List<Interval>> runs() {
        Arbitrary<Long> counts = Arbitraries.longs().between(0, 1_000_003);
        Arbitrary<Losses> losses =
                Combinators.combine(counts, counts, counts, counts, counts).as(Losses::new);
        return Combinators.combine(
                        Arbitraries.longs().between(0, 9_000_000_000L),
                        counts,
                        series().list().ofMaxSize(4).uniqueElements(SeriesInterval::key),
                        slowEvents().list().ofMaxSize(2),
                        losses,
                        regressions().list().ofMaxSize(2),
                        shares().list().ofMaxSize(3),
                        activity().list().ofMaxSize(3))
                .as((second, duration, series, slow, lost, regressions, shares, activity) -> new Interval(
                        Instant.ofEpochSecond(second, duration),
                        Duration.ofNanos(duration),
                        series,
                        slow,
                        lost,
                        regressions,
                        shares,
                        activity))
                .list()
                .ofMaxSize(4);
    }

    private static Arbitrary<SeriesInterval> series() {
        Arbitrary<long[]> values = Arbitraries.longs()
                .between(1, Samples.TWO_HOURS_NS)
                .array(long[].class)
                .ofMinSize(1)
                .ofMaxSize(50);
        Arbitrary<Long> counts = Arbitraries.longs().greaterOrEqual(0);
        return Combinators.combine(keys(), Arbitraries.integers().between(2, 3), counts, counts, values)
                .as(Samples::series);
    }

    private static Arbitrary<Share> shares() {
        return Combinators.combine(
                        containers(),
                        Arbitraries.of(Operation.class),
                        Arbitraries.of(Share.Resource.class),
                        texts(),
                        containers(),
                        Arbitraries.longs().greaterOrEqual(0))
                .as(Share::new);
    }

    private static Arbitrary<Activity> activity() {
        Arbitrary<Long> counts = Arbitraries.longs().between(0, Long.MAX_VALUE / 3); // sums fit
        return Combinators.combine(
                        containers(),
                        Arbitraries.integers(),
                        texts(),
                        Arbitraries.of(Kind.class),
                        places(),
                        counts,
                        counts,
                        counts)
                .as((container, pid, text, kind, place, count, bytes, total) ->
                        new Activity(container, pid, text, text, kind, place, count, bytes, total));
    }

    private static Arbitrary<Place> places() {
        return Combinators.combine(
                        texts(),
                        texts(),
                        texts(),
                        Arbitraries.of(MountClass.class).injectNull(0.3))
                .as(Place::new);
    }

    private static Arbitrary<SeriesKey> keys() {
        return Combinators.combine(
                        containers(),
                        Arbitraries.longs(),
                        Arbitraries.of(Kind.class),
                        Arbitraries.of(Stage.class),
                        places())
                .as(SeriesKey::new);
    }

    private static Arbitrary<Container> containers() {
        return Combinators.combine(
                        Arbitraries.of(Container.Type.class),
                        texts(),
                        texts(),
                        texts(),
                        texts(),
                        texts(),
                        texts(),
                        texts())
                .as((type, name, id, runtime, namespace, pod, image, service) ->
                        new Container(type, name, id, runtime, namespace, pod, "uid", image, service));
    }

    private static Arbitrary<SlowEvent> slowEvents() {
        Arbitrary<Map<String, Long>> phases =
                Arbitraries.maps(texts(), Arbitraries.longs()).ofMaxSize(3);
        return Combinators.combine(
                        containers(),
                        Arbitraries.of(Kind.class),
                        Arbitraries.longs().greaterOrEqual(0),
                        Arbitraries.integers(),
                        texts(),
                        Arbitraries.longs(),
                        phases)
                .as((container, kind, latency, pid, text, offset, parts) -> new SlowEvent(
                        Samples.TIME, container, kind, latency, pid, -pid, text, text, offset, -1, text, parts));
    }

    private static Arbitrary<Regression> regressions() {
        Arbitrary<Long> latencies = Arbitraries.longs().greaterOrEqual(0);
        return Combinators.combine(
                        containers(),
                        Arbitraries.of(Kind.class),
                        Arbitraries.of(true, false),
                        texts().injectNull(0.3),
                        Arbitraries.doubles().between(0, false, 1, false),
                        latencies,
                        latencies,
                        Arbitraries.of(Regression.State.class))
                .as((container, kind, perKind, mount, quantile, before, after, state) -> new Regression(
                        Samples.TIME,
                        container,
                        kind.operation(),
                        perKind ? kind : null,
                        mount,
                        quantile,
                        before,
                        after,
                        Samples.TIME.minusSeconds(17),
                        state));
    }

    /** All of UTF-16: control characters, line separators, lone surrogates, JSON's and the format's own marks. */
    private static Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(12),
                Arbitraries.strings()
                        .withChars("\n\r\t\u0000\u001b\u0085\u2028\u2029,]#[\"\\ Tag=\ud800")
                        .ofMaxLength(12),
                HostileNames.any());
    }

    @Example
    void seriesBeyondThoseRememberedAreDefinedAgain() throws IOException {
        Histogram histogram = new Histogram(1, 2, 1);
        histogram.recordValue(2);
        List<SeriesInterval> series = IntStream.range(0, Format.REMEMBERED_SERIES + 3)
                .mapToObj(i -> new SeriesInterval(Samples.key("db", Kind.FSYNC, i), 1, 0, 0, 2, 2, 2, histogram))
                .toList();
        List<Interval> run = List.of(
                Samples.interval(0, series, List.of(), Losses.NONE),
                Samples.interval(1, series.subList(0, 7), List.of(), Losses.NONE),
                Samples.interval(2, series.reversed(), List.of(), Losses.NONE));
        Path file = Files.createTempFile("recording", ".hlog");
        try {
            Samples.record(file, Samples.START, run, Samples.end(3));
            try (RecordingReader reader = RecordingReader.open(file)) {
                for (Interval interval : run) {
                    assertThat(reader.next()).isEqualTo(interval);
                }
            }
        } finally {
            Files.delete(file);
        }
    }

    @Property(tries = 20)
    void histogramsAreEncodedByteForByteAsHdrHistogramDoes(@ForAll("values") long[] values) {
        SeriesInterval series = Samples.series(Samples.key("db", Kind.FSYNC, 7), 3, 0, 0, values);
        ByteBuffer expected = ByteBuffer.allocate(1 << 20);
        int length = series.histogram().encodeIntoCompressedByteBuffer(expected);
        StringBuilder encoded = new StringBuilder();
        try (HistogramCodec codec = new HistogramCodec()) {
            codec.encode(series.histogram(), encoded);
        }
        assertThat(Base64.getDecoder().decode(encoded.toString().getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(Arrays.copyOf(expected.array(), length));
    }

    @Provide
    Arbitrary<long[]> values() {
        return Arbitraries.longs()
                .between(1, Samples.TWO_HOURS_NS)
                .array(long[].class)
                .ofMinSize(1)
                .ofMaxSize(3_001);
    }
}
