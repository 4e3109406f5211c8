package dev.writescope.view;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.ComparisonRules;
import dev.writescope.compare.OtherChange;
import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.RateChange;
import dev.writescope.compare.RecordingFacts;
import dev.writescope.compare.Subject;
import dev.writescope.compare.SubjectComparison;
import dev.writescope.compare.SubjectSamples;
import dev.writescope.compare.Verdict;
import dev.writescope.latency.RunStart;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;

/** A comparison as one JSON object in one line of ASCII. What cannot be estimated is absent. */
public final class ComparisonJson {
    private static final int SCHEMA = 1;

    private final JsonGenerator json;

    private ComparisonJson(JsonGenerator json) {
        this.json = json;
    }

    /** Does not close {@code out}. */
    public static void write(Comparison comparison, OutputStream out) throws IOException {
        try (JsonGenerator json = JsonLines.JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            new ComparisonJson(json).object(comparison);
            json.writeRaw('\n');
        } catch (JacksonIOException failed) {
            throw failed.getCause();
        }
    }

    private void object(Comparison comparison) {
        json.writeStartObject();
        text("type", "comparison");
        json.writeNumberProperty("schema", SCHEMA);
        text("verdict", label(comparison.verdict()));
        text("summary", Headline.of(comparison));
        rules(comparison.rules());
        recording("before", comparison.before());
        recording("after", comparison.after());
        json.writeArrayPropertyStart("subjects");
        comparison.subjects().forEach(this::compared);
        json.writeEndArray();
        subjects("only_before", comparison.onlyBefore());
        subjects("only_after", comparison.onlyAfter());
        json.writeArrayPropertyStart("changes");
        comparison.changes().forEach(this::change);
        json.writeEndArray();
        texts("refusals", comparison.refusals());
        json.writeEndObject();
    }

    private void rules(ComparisonRules rules) {
        json.writeObjectPropertyStart("rules");
        json.writeNumberProperty("minimum_effect", rules.minimumEffect());
        json.writeNumberProperty("level", rules.level());
        json.writeNumberProperty("resamples", rules.resamples());
        json.writeNumberProperty("seed", rules.seed());
        json.writeEndObject();
    }

    private void recording(String name, RecordingFacts facts) {
        RunStart start = facts.start();
        json.writeObjectPropertyStart(name);
        text("file", facts.file());
        text("time", start.time().toString());
        json.writeNumberProperty("duration_s", facts.duration().toNanos() / 1e9);
        json.writeNumberProperty("events", facts.events());
        json.writeObjectPropertyStart("lost");
        json.writeNumberProperty("fsync", facts.lost().fsync());
        json.writeNumberProperty("write", facts.lost().write());
        json.writeNumberProperty("block", facts.lost().block());
        json.writeEndObject();
        json.writeBooleanProperty("truncated", facts.truncated());
        text("version", start.version());
        text("host", start.host());
        text("kernel", start.kernel());
        text("machine", start.machine());
        text("cgroup_mode", start.cgroupMode());
        json.writeNumberProperty("interval_s", start.interval().toNanos() / 1e9);
        json.writeNumberProperty("digits", start.significantDigits());
        texts("containers", start.containers());
        JsonLines.hooks(json, start.coverage());
        json.writeEndObject();
    }

    private void compared(SubjectComparison one) {
        json.writeStartObject();
        members(one.subject());
        text("verdict", label(one.verdict()));
        samples("before", one.before());
        samples("after", one.after());
        RateChange rate = one.rate();
        json.writeObjectPropertyStart("rate");
        json.writeNumberProperty("before_per_s", rate.beforePerSecond());
        json.writeNumberProperty("after_per_s", rate.afterPerSecond());
        ratio(rate.ratio(), rate.low(), rate.high());
        json.writeEndObject();
        json.writeArrayPropertyStart("quantiles");
        one.quantiles().forEach(this::quantile);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void samples(String name, SubjectSamples samples) {
        json.writeObjectPropertyStart(name);
        json.writeNumberProperty("count", samples.count());
        json.writeNumberProperty("errors", samples.errors());
        json.writeEndObject();
    }

    private void quantile(QuantileChange change) {
        json.writeStartObject();
        json.writeNumberProperty("quantile", change.quantile());
        if (change.beforeNs() > 0) {
            json.writeNumberProperty("before_ns", change.beforeNs());
        }
        if (change.afterNs() > 0) {
            json.writeNumberProperty("after_ns", change.afterNs());
        }
        ratio(change.ratio(), change.low(), change.high());
        text("verdict", label(change.verdict()));
        if (!change.reason().isEmpty()) {
            text("reason", change.reason());
        }
        json.writeEndObject();
    }

    private void ratio(double ratio, double low, double high) {
        finite("ratio", ratio);
        finite("low", low);
        finite("high", high);
    }

    /** JSON has no NaN. */
    private void finite(String name, double value) {
        if (Double.isFinite(value)) {
            json.writeNumberProperty(name, value);
        }
    }

    private void subjects(String name, List<Subject> subjects) {
        json.writeArrayPropertyStart(name);
        for (Subject subject : subjects) {
            json.writeStartObject();
            members(subject);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void members(Subject subject) {
        text("container", subject.container());
        text("operation", subject.operation().label());
        if (subject.kind() != null) {
            text("kind", subject.kind().label());
        }
        if (subject.mount() != null) {
            text("mount", subject.mount());
        }
    }

    private void change(OtherChange change) {
        json.writeStartObject();
        text("what", change.what());
        text("before", change.before());
        text("after", change.after());
        json.writeEndObject();
    }

    private void text(String name, String value) {
        json.writeStringProperty(name, JsonLines.wellFormed(value));
    }

    private void texts(String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(value -> json.writeString(JsonLines.wellFormed(value)));
        json.writeEndArray();
    }

    static String label(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT);
    }
}
