package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.HostileNames;
import dev.writescope.compare.Comparison;
import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.Subject;
import dev.writescope.compare.Verdict;
import dev.writescope.container.Container;
import dev.writescope.container.MountClass;
import dev.writescope.gate.GateResult;
import dev.writescope.gate.Judgement;
import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Judge;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Backend;
import dev.writescope.probe.Check;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.HookTrial;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jline.utils.AttributedString;
import org.w3c.dom.Document;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Whatever containers, processes, files and mounts are called, no view can be made to do or say anything else. */
class HostileNamesTest {
    private static final String TAME = "tame";
    private static final Judge NOBODY = Sample.judge(Judge.State.WATCHING);

    private interface Writing {
        void to(OutputStream out) throws IOException;
    }

    private record Run(RunStart start, Interval interval, dev.writescope.latency.RunEnd end) {}

    @Provide
    Arbitrary<String> names() {
        return HostileNames.any();
    }

    /** Strictly decoded. */
    private static String written(Writing writing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writing.to(bytes);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw new AssertionError("not UTF-8", malformed);
        }
    }

    /** Everything in it that can have a name has this one. */
    private static Run run(String name) {
        Container container = new Container(Container.Type.CONTAINER, name, name, name, name, name, name, name, name);
        Place place = new Place(name, name, name, MountClass.VOLUME, name);
        List<SeriesInterval> series = List.of(Sample.series(container, Kind.FSYNC, place, 1_300_000, 17_000_000));
        SlowEvent slow = new SlowEvent(
                Sample.NOON, container, Kind.FSYNC, 17_000_000, 7, 11, name, name, 0, 4096, name, Map.of("queue", 13L));
        Regression flag = new Regression(
                Sample.NOON,
                container,
                Operation.FSYNC,
                Kind.FSYNC,
                name,
                0.99,
                2_100_000,
                93_000_000,
                Sample.NOON,
                Regression.State.ALARM);
        RunStart plain = Sample.start();
        RunStart start = new RunStart(
                plain.time(),
                name,
                name,
                name,
                name,
                name,
                plain.interval(),
                2,
                List.of(name),
                List.of(new Coverage(Operation.FSYNC, name, List.of(name))));
        Interval interval = new Interval(
                Sample.NOON, Duration.ofSeconds(1), series, List.of(slow), new Losses(0, 3, 0), List.of(flag));
        return new Run(start, interval, Sample.end(series, Losses.NONE));
    }

    private static void feed(IntervalSink sink, Run run) throws IOException {
        sink.start(run.start());
        sink.interval(run.interval());
        sink.end(run.end());
        sink.close();
    }

    private static GateResult gate(String name) {
        QuantileChange change = Comparisons.change(0.99, 53_000, 73_000, 1.21, 1.59, Verdict.REGRESSED);
        Judgement judgement =
                new Judgement(new Subject(name, Operation.FSYNC, null, null), change, Judgement.Colour.RED);
        return new GateResult(GateResult.Outcome.RED, name, List.of(judgement), List.of(name));
    }

    private static HostReport report(String name) {
        Container container = new Container(Container.Type.CONTAINER, name, name, name, name, name, name, name, name);
        return new HostReport(
                name,
                List.of(Check.warn("kernel", name, "see " + name)),
                List.of(new HookTrial(HookTrial.BLOCK, Backend.TP_BTF, name + "refused", List.of())),
                List.of(container));
    }

    /** Every text that a person reads: what it is called, and how it is written about something of that name. */
    private static Map<String, String> texts(String name) throws IOException {
        Grouping all = new Grouping(EnumSet.allOf(Grouping.Dimension.class));
        Run run = run(name);
        Comparison comparison = Comparisons.hostile(name);
        StringBuilder doctor = new StringBuilder();
        report(name).text(doctor, true);
        StringBuilder progress = new StringBuilder();
        feed(new Progress(Path.of("/tame"), progress, false), run);
        return Map.of(
                "table", written(out -> feed(new Table(out, all, NOBODY), run)),
                "merged table", written(out -> feed(new Table(out, new Grouping(List.of()), NOBODY), run)),
                "comparison", written(out -> new ComparisonText(true, true).write(comparison, out)),
                "headline", written(out -> ComparisonText.writeHeadline(comparison, out)),
                "markdown", written(out -> ComparisonMarkdown.write(comparison, out)),
                "gate", written(out -> GateText.write(gate(name), out)),
                "gate markdown", written(out -> GateMarkdown.write(gate(name), out)),
                "doctor", doctor.toString(),
                "progress", progress.toString());
    }

    @Property(tries = 200)
    void no_text_obeys_a_name(@ForAll("names") String name) throws IOException {
        Map<String, String> tame = texts(TAME);
        texts(name).forEach((view, text) -> {
            assertThat(text.lines().count())
                    .as("lines of " + view)
                    .isEqualTo(tame.getOrDefault(view, "").lines().count());
            assertHarmless(view, text);
        });
    }

    /** Nothing but letters, line feeds and the colours that are ours. */
    private static void assertHarmless(String view, String text) {
        assertThat(text.replaceAll("\033\\[[0-9;]*m", "").codePoints())
                .as(view)
                .noneMatch(c -> c != '\n' && Character.isISOControl(c))
                .noneMatch(c -> switch (Character.getType(c)) {
                    case Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> true;
                    default -> false;
                });
        assertThat(text).as("commands in " + view).doesNotContain("##");
        assertThat(text.lines().map(String::strip)).as("commands in " + view).noneMatch(line -> line.startsWith("::"));
    }

    @Property(tries = 200)
    void every_json_is_one_object_of_ascii_a_line_and_keeps_the_name(@ForAll("names") String name) throws IOException {
        String kept = JsonLines.wellFormed(name);
        Grouping all = new Grouping(EnumSet.allOf(Grouping.Dimension.class));
        List<String> lines = new ArrayList<>();
        lines.addAll(
                written(out -> feed(new JsonLines(out, all), run(name))).lines().toList());
        assertThat(lines).hasSize(7);
        lines.addAll(written(out -> GateJson.write(gate(name), out)).lines().toList());
        lines.addAll(written(out -> report(name).json(out)).lines().toList());
        lines.addAll(written(out -> ComparisonJson.write(Comparisons.hostile(name), out))
                .lines()
                .toList());
        assertThat(lines).hasSize(10).allSatisfy(line -> {
            assertThat(line.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
            assertThat(line).startsWith("{").doesNotContain("##");
            List<String> strings = strings(line);
            if (!line.startsWith("{\"type\":\"lost\"") && !line.startsWith("{\"type\":\"end\"") && !name.isEmpty()) {
                assertThat(strings).contains(kept);
            }
        });
    }

    private static List<String> strings(String json) {
        List<String> strings = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    strings.add(parser.getString());
                }
            }
        }
        return strings;
    }

    @Property(tries = 200)
    void every_xml_is_well_formed_and_has_the_elements_of_a_tame_name(@ForAll("names") String name) throws Exception {
        assertThat(elements(written(out -> ComparisonJunit.write(Comparisons.hostile(name), out))))
                .isEqualTo(elements(written(out -> ComparisonJunit.write(Comparisons.hostile(TAME), out))));
        String gate = written(out -> GateJunit.write(gate(name), out));
        assertThat(elements(gate)).isEqualTo(elements(written(out -> GateJunit.write(gate(TAME), out))));
        assertThat(document(gate)
                        .getElementsByTagName("testcase")
                        .item(0)
                        .getAttributes()
                        .getNamedItem("name"))
                .extracting(attribute -> attribute.getNodeValue())
                .isEqualTo(Printable.of(name + " fsync P99"));
    }

    private static Document document(String xml) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    private static int elements(String xml) throws Exception {
        return document(xml).getElementsByTagName("*").getLength();
    }

    @Property(tries = 40)
    void a_page_has_the_markup_of_a_tame_name(@ForAll("names") String name) throws IOException {
        String page = written(out -> ComparisonPage.write(Comparisons.hostile(name), out));
        String tame = written(out -> ComparisonPage.write(Comparisons.hostile(TAME), out));
        for (char markup : "<>".toCharArray()) {
            assertThat(page.chars().filter(c -> c == markup).count())
                    .as("number of " + markup)
                    .isEqualTo(tame.chars().filter(c -> c == markup).count());
        }
        int start = page.indexOf("id=\"data\">") + "id=\"data\">".length();
        String data = page.substring(start, page.indexOf("</script>", start));
        assertThat(strings(data))
                .contains(Printable.of(Changes.name(
                        Comparisons.hostile(name).subjects().getFirst().subject())));
    }

    @Property(tries = 100)
    void the_live_view_keeps_its_lines(@ForAll("names") String name) {
        Run run = run(name);
        LiveModel model = new LiveModel(run.start());
        model.interval(run.interval(), AgentUsage.NONE);
        for (int keys = 0; keys < 3; keys++) {
            LiveControls controls = new LiveControls();
            for (int at = 0; at < keys; at++) {
                controls.key(at == 0 ? Key.Special.ENTER : new Key.Char('b'), model);
            }
            List<AttributedString> lines = LiveScreen.draw(model, controls, 97, 29);
            assertThat(lines).hasSize(29).allSatisfy(line -> {
                assertThat(line.columnLength()).isLessThanOrEqualTo(97);
                assertHarmless("live", line.toString());
            });
        }
    }
}
