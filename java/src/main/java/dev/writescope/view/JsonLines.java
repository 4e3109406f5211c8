package dev.writescope.view;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import dev.writescope.recording.JsonEscapes;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * One JSON object per line, flushed once per interval. Pure ASCII: no name can break a line, for readers that
 * split at U+0085 or U+2028 too, or reach a terminal as an escape sequence. Half a surrogate pair becomes
 * U+FFFD, because strict parsers refuse the whole line otherwise. What is merged or not known is absent.
 */
public final class JsonLines implements IntervalSink {
    private static final int SCHEMA = 1;
    static final JsonFactory JSON = JsonFactory.builder()
            .rootValueSeparator("")
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .characterEscapes(JsonEscapes.forLogs())
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .build();

    private final JsonGenerator json;
    private final Grouping grouping;

    /** Does not close {@code out}. */
    public JsonLines(OutputStream out, Grouping grouping) {
        this.json = JSON.createGenerator(ObjectWriteContext.empty(), out);
        this.grouping = grouping;
    }

    @Override
    public void start(RunStart start) throws IOException {
        write(() -> startLine(start));
    }

    @Override
    public void interval(Interval interval) throws IOException {
        write(() -> {
            rows("interval", interval.start(), interval.duration(), interval.series());
            interval.slow().forEach(this::slowLine);
            interval.regressions().forEach(this::regressionLine);
            if (interval.lost().any()) {
                open("lost");
                time("start", interval.start());
                losses(interval.lost());
                endLine();
            }
        });
    }

    @Override
    public void end(RunEnd end) throws IOException {
        write(() -> {
            rows("total", end.start(), end.duration(), end.totals());
            open("end");
            json.writeNumberProperty("events", end.events());
            json.writeObjectPropertyStart("lost");
            losses(end.lost());
            json.writeEndObject();
            json.writeNumberProperty("unattributed", end.unattributed());
            json.writeNumberProperty("agent_cpu_s", end.agentCpuSeconds());
            json.writeNumberProperty("agent_rss_bytes", end.agentRssBytes());
            endLine();
        });
    }

    @Override
    public void close() throws IOException {
        write(() -> {});
    }

    private void startLine(RunStart start) {
        open("start");
        json.writeNumberProperty("schema", SCHEMA);
        text("version", start.version());
        time("time", start.time());
        text("host", start.host());
        text("kernel", start.kernel());
        text("cgroup_mode", start.cgroupMode());
        json.writeNumberProperty("interval_s", seconds(start.interval()));
        json.writeNumberProperty("digits", start.significantDigits());
        texts("containers", start.containers());
        hooks(json, start.coverage());
        endLine();
    }

    /** The member "hooks": how each operation is seen, and what of it is not. */
    static void hooks(JsonGenerator json, List<Coverage> all) {
        json.writeObjectPropertyStart("hooks");
        for (Coverage coverage : all) {
            json.writeObjectPropertyStart(coverage.operation().label());
            json.writeStringProperty("kind", wellFormed(coverage.backend()));
            json.writeArrayPropertyStart("misses");
            coverage.misses().forEach(missed -> json.writeString(wellFormed(missed)));
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void rows(String type, Instant start, Duration duration, List<SeriesInterval> series) {
        for (Row row : grouping.merge(series)) {
            open(type);
            time("start", start);
            json.writeNumberProperty("duration_s", seconds(duration));
            RowKey key = row.key();
            owner(key.container());
            if (row.cgroupId() != 0) {
                json.writeNumberProperty("cgroup_id", row.cgroupId());
            }
            text("operation", key.operation().label());
            if (key.kind() != null) {
                text("kind", key.kind().label());
            }
            text("stage", key.stage().label());
            if (key.stage() == Stage.OVERLAY) {
                json.writeBooleanProperty("overlaps", true);
            }
            place(key.place());
            figures(row);
            endLine();
        }
    }

    private void owner(Container container) {
        json.writeStringProperty("container", wellFormed(container.name()));
        text("container_id", container.id());
        text("runtime", container.runtime());
        text("namespace", container.namespace());
        text("pod", container.pod());
        text("service", container.service());
    }

    private void place(Place place) {
        text("fstype", place.fstype());
        text("device", place.device());
        text("mount", place.mount());
        if (place.mountClass() != null) {
            text("mount_class", place.mountClass().label());
        }
    }

    private void figures(Row row) {
        json.writeNumberProperty("count", row.count());
        json.writeNumberProperty("errors", row.errors());
        json.writeNumberProperty("bytes", row.bytes());
        json.writeNumberProperty("min_ns", row.minNs());
        json.writeNumberProperty("mean_ns", row.meanNs());
        json.writeNumberProperty("p50_ns", row.p50Ns());
        json.writeNumberProperty("p90_ns", row.p90Ns());
        json.writeNumberProperty("p95_ns", row.p95Ns());
        json.writeNumberProperty("p99_ns", row.p99Ns());
        json.writeNumberProperty("p999_ns", row.p999Ns());
        json.writeNumberProperty("max_ns", row.maxNs());
        json.writeNumberProperty("sum_ns", row.sumNs());
    }

    private void slowLine(SlowEvent event) {
        open("slow");
        time("time", event.time());
        owner(event.container());
        text("operation", event.kind().operation().label());
        text("kind", event.kind().label());
        json.writeNumberProperty("latency_ns", event.latencyNs());
        json.writeNumberProperty("pid", event.pid());
        json.writeNumberProperty("tid", event.tid());
        text("comm", event.comm());
        text("file", event.file());
        known("offset", event.offset());
        known("bytes", event.bytes());
        text("device", event.device());
        json.writeObjectPropertyStart("phases");
        for (Map.Entry<String, Long> phase : event.phases().entrySet()) {
            json.writeNumberProperty(wellFormed(phase.getKey()), phase.getValue());
        }
        json.writeEndObject();
        endLine();
    }

    private void regressionLine(Regression regression) {
        open("regression");
        time("time", regression.time());
        owner(regression.container());
        text("operation", regression.operation().label());
        if (regression.kind() != null) {
            text("kind", regression.kind().label());
        }
        if (regression.mount() != null) {
            text("mount", regression.mount());
        }
        json.writeNumberProperty("quantile", regression.quantile());
        json.writeNumberProperty("baseline_ns", regression.baselineNs());
        json.writeNumberProperty("current_ns", regression.currentNs());
        json.writeNumberProperty("ratio", Math.round(1000 * regression.ratio()) / 1000.0);
        time("since", regression.since());
        text("state", regression.state().label());
        endLine();
    }

    private void losses(Losses lost) {
        losses(json, lost);
    }

    /** The members of what is lost. */
    static void losses(JsonGenerator json, Losses lost) {
        json.writeNumberProperty("fsync", lost.fsync());
        json.writeNumberProperty("write", lost.write());
        json.writeNumberProperty("block", lost.block());
        json.writeNumberProperty("parts", lost.parts());
    }

    private void open(String type) {
        json.writeStartObject();
        json.writeStringProperty("type", type);
    }

    private void endLine() {
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private void time(String name, Instant time) {
        json.writeStringProperty(name, time.toString());
    }

    private void known(String name, long value) {
        if (value >= 0) {
            json.writeNumberProperty(name, value);
        }
    }

    private void text(String name, String value) {
        if (!value.isEmpty()) {
            json.writeStringProperty(name, wellFormed(value));
        }
    }

    private void texts(String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        for (String value : values) {
            json.writeString(wellFormed(value));
        }
        json.writeEndArray();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    static String wellFormed(String text) {
        return text.codePoints().noneMatch(JsonLines::isHalfPair)
                ? text
                : text.codePoints()
                        .map(codePoint -> isHalfPair(codePoint) ? '\uFFFD' : codePoint)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean isHalfPair(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE;
    }

    private void write(Runnable lines) throws IOException {
        try {
            lines.run();
            json.flush();
        } catch (JacksonIOException failed) {
            throw failed.getCause();
        }
    }
}
