package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.container.Container;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import dev.writescope.view.Grouping.Dimension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class JsonLinesTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void the_start_says_what_is_covered() throws IOException {
        new JsonLines(out, new Grouping(List.of())).start(Sample.start());

        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("type", "start")
                        .containsEntry("schema", 1L)
                        .containsEntry("kernel", "6.12.0-test")
                        .containsEntry("containers", List.of("db*"))
                        .extractingByKey("hooks")
                        .isEqualTo(Map.of(
                                "fsync", Map.of("kind", "tp_btf", "misses", List.of()),
                                "write", Map.of("kind", "fentry", "misses", List.of("io_uring")),
                                "block", Map.of("kind", "tp_btf", "misses", List.of("bio-only drivers")))));
    }

    @Test
    void phases_are_lines_by_stage_only_where_they_are_asked_for() throws IOException {
        var phases = Sample.phases(Sample.container("db"), Kind.FSYNC);
        new JsonLines(out, new Grouping(List.of())).interval(Sample.interval(0, phases, List.of(), Losses.NONE));
        assertThat(lines()).singleElement().satisfies(line -> assertThat(line).containsEntry("stage", "total"));
        out.reset();
        new JsonLines(out, new Grouping(List.of(Dimension.PHASE)))
                .interval(Sample.interval(0, phases, List.of(), Losses.NONE));
        assertThat(lines())
                .hasSize(4)
                .anySatisfy(line -> assertThat(line)
                        .containsEntry("operation", "fsync")
                        .containsEntry("stage", "commit_data")
                        .containsEntry("sum_ns", 7_000_000L));
    }

    @Test
    void a_stage_that_is_within_the_others_says_so() throws IOException {
        var overlay = new SeriesKey(Sample.container("db"), 7, Kind.FSYNC, Stage.OVERLAY, Sample.DATA);
        new JsonLines(out, new Grouping(List.of(Dimension.PHASE)))
                .interval(Sample.interval(0, Sample.series(overlay, 13)));
        assertThat(lines())
                .singleElement()
                .satisfies(line ->
                        assertThat(line).containsEntry("stage", "overlay").containsEntry("overlaps", "true"));
    }

    @Test
    void what_is_merged_or_empty_is_absent() throws IOException {
        new JsonLines(out, new Grouping(List.of()))
                .interval(Sample.interval(0, Sample.series(Sample.container("db"), Kind.FSYNC, Sample.DATA, 11, 13)));

        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsOnlyKeys(
                                "type",
                                "start",
                                "duration_s",
                                "container",
                                "container_id",
                                "runtime",
                                "cgroup_id",
                                "operation",
                                "stage",
                                "count",
                                "errors",
                                "bytes",
                                "min_ns",
                                "mean_ns",
                                "p50_ns",
                                "p90_ns",
                                "p95_ns",
                                "p99_ns",
                                "p999_ns",
                                "max_ns",
                                "sum_ns")
                        .containsEntry("start", "2026-11-24T12:00:00Z")
                        .containsEntry("duration_s", 1.0)
                        .containsEntry("count", 2L)
                        .containsEntry("sum_ns", 24L)
                        .containsEntry("p50_ns", 11L)
                        .containsEntry("max_ns", 13L));
    }

    @Test
    void what_is_asked_for_is_present() throws IOException {
        new JsonLines(out, new Grouping(List.of(Dimension.values())))
                .interval(Sample.interval(
                        0, Sample.series(Sample.pod("shop", "db-0", "db"), Kind.SYNCHRONOUS, Sample.DATA, 17)));

        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("operation", "write")
                        .containsEntry("kind", "sync")
                        .containsEntry("fstype", "ext4")
                        .containsEntry("device", "8:16")
                        .containsEntry("mount", "/data")
                        .containsEntry("mount_class", "volume")
                        .containsEntry("namespace", "shop")
                        .containsEntry("pod", "db-0"));
    }

    @Test
    void requests_without_an_owner_are_reported_like_any_other() throws IOException {
        new JsonLines(out, new Grouping(List.of()))
                .interval(Sample.interval(0, Sample.request(Container.UNATTRIBUTED, 19, 23), List.of(), Losses.NONE));

        assertThat(lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line)
                        .containsEntry("container", "unattributed")
                        .doesNotContainKeys("container_id", "runtime"));
        assertThat(lines()).extracting(line -> line.get("stage")).containsExactly("queue", "device", "total");
    }

    @Test
    void losses_get_a_line_only_when_there_are_some() throws IOException {
        JsonLines json = new JsonLines(out, new Grouping(List.of()));
        json.interval(Sample.interval(0));
        assertThat(lines()).isEmpty();

        json.interval(Sample.interval(1, List.of(), List.of(), new Losses(0, 29, 31)));
        json.interval(Sample.interval(2, List.of(), List.of(), new Losses(0, 0, 0, 37)));

        assertThat(lines())
                .containsExactly(lost("2026-11-24T12:00:01Z", 29L, 31L, 0L), lost("2026-11-24T12:00:02Z", 0L, 0L, 37L));
    }

    private static Map<String, Object> lost(String start, long write, long block, long parts) {
        return Map.of("type", "lost", "start", start, "fsync", 0L, "write", write, "block", block, "parts", parts);
    }

    @Test
    void a_regression_is_a_line_after_its_interval() throws IOException {
        new JsonLines(out, new Grouping(List.of()))
                .interval(Sample.flagged(
                        0,
                        List.of(Sample.series(Sample.container("db"), Kind.FSYNC, Sample.DATA, 11)),
                        Sample.regression(
                                Sample.NOON.plusSeconds(17),
                                Sample.pod("shop", "db-0", "postgres"),
                                Regression.State.ALARM)));

        assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
                .hasSize(2)
                .last()
                .isEqualTo("{\"type\":\"regression\",\"time\":\"2026-11-24T12:00:17Z\",\"container\":\"postgres\","
                        + "\"container_id\":\"f00d\",\"runtime\":\"containerd\",\"namespace\":\"shop\",\"pod\":\"db-0\","
                        + "\"operation\":\"fsync\",\"quantile\":0.99,\"baseline_ns\":2100000,\"current_ns\":93000000,"
                        + "\"ratio\":44.286,\"since\":\"2026-11-24T12:00:01Z\",\"state\":\"alarm\"}");
    }

    @Test
    void a_regression_of_one_kind_and_mount_says_which_whatever_the_names() throws IOException {
        Regression hostile = new Regression(
                Sample.NOON,
                Sample.container(Sample.HOSTILE),
                Operation.WRITE,
                Kind.SYNCHRONOUS,
                Sample.HOSTILE + "\ud800",
                0.5,
                0,
                3,
                Sample.NOON,
                Regression.State.ACCEPTED);
        new JsonLines(out, new Grouping(List.of())).interval(Sample.flagged(0, List.of(), hostile, hostile));

        assertThat(out.toString(StandardCharsets.ISO_8859_1).chars())
                .allMatch(each -> each == '\n' || (each >= ' ' && each < 127));
        assertThat(lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .containsEntry("container", Sample.HOSTILE)
                        .containsEntry("mount", Sample.HOSTILE + "\ufffd")
                        .containsEntry("kind", "sync")
                        .containsEntry("quantile", 0.5)
                        .containsEntry("ratio", 0.0)
                        .containsEntry("state", "accepted"));
    }

    @Test
    void totals_come_before_the_end() throws IOException {
        SeriesInterval total = Sample.series(Sample.container("db"), Kind.FSYNC, Sample.DATA, 37);
        new JsonLines(out, new Grouping(List.of())).end(Sample.end(List.of(total), new Losses(1, 2, 3, 5)));

        assertThat(lines()).extracting(line -> line.get("type")).containsExactly("total", "end");
        assertThat(lines().getLast())
                .containsEntry("events", 10_007L)
                .containsEntry("unattributed", 101L)
                .containsEntry("lost", Map.of("fsync", 1L, "write", 2L, "block", 3L, "parts", 5L))
                .containsEntry("agent_cpu_s", 0.37)
                .containsEntry("agent_rss_bytes", 61_003_000L);
    }

    @Test
    void a_hostile_name_is_told_in_plain_ascii_and_reads_back_with_half_pairs_replaced() throws IOException {
        Container hostile = Sample.container(Sample.HOSTILE);
        Place place = new Place("ext4", "8:1", Sample.HOSTILE, null);
        new JsonLines(out, new Grouping(List.of(Dimension.MOUNT)))
                .interval(Sample.interval(
                        0,
                        List.of(Sample.series(hostile, Kind.FSYNC, place, 41)),
                        List.of(Sample.slow(hostile, "\ud800", "\udc00/x")),
                        Losses.NONE));

        assertThat(out.toString(StandardCharsets.ISO_8859_1).chars())
                .allMatch(each -> each == '\n' || (each >= ' ' && each < 128));
        assertThat(lines().getFirst())
                .containsEntry("container", Sample.HOSTILE)
                .containsEntry("mount", Sample.HOSTILE);
        assertThat(lines().getLast())
                .containsEntry("type", "slow")
                .containsEntry("comm", "\ufffd")
                .containsEntry("file", "\ufffd/x")
                .containsEntry("phases", Map.of("underlying", 1_190_000_000L));
    }

    @Property(tries = 300)
    void no_name_breaks_a_line(@ForAll String name) throws IOException {
        out.reset();
        new JsonLines(out, new Grouping(List.of()))
                .interval(Sample.interval(0, Sample.series(Sample.container(name), Kind.FSYNC, Sample.DATA, 43)));

        assertThat(lines()).singleElement().satisfies(line -> assertThat(line).containsKey("sum_ns"));
    }

    @Test
    void a_failing_stream_fails_as_an_io_exception() {
        JsonLines json = new JsonLines(
                new OutputStream() {
                    @Override
                    public void write(int one) throws IOException {
                        throw new IOException("Broken pipe");
                    }
                },
                new Grouping(List.of()));

        assertThatThrownBy(() -> json.start(Sample.start()))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("Broken pipe");
    }

    private List<Map<String, Object>> lines() {
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(text.isEmpty() || text.endsWith("\n")).isTrue();
        return text.lines().map(JsonLinesTest::parse).toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> parse(String line) {
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
            parser.nextToken();
            Map<String, Object> object = (Map<String, Object>) value(parser);
            assertThat(parser.nextToken()).isNull();
            return object;
        }
    }

    private static Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            default -> parser.getString();
        };
    }
}
