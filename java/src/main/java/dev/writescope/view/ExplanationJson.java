package dev.writescope.view;

import dev.writescope.container.Container;
import dev.writescope.explain.Actor;
import dev.writescope.explain.Cause;
import dev.writescope.explain.Explanation;
import dev.writescope.explain.Explanation.Holder;
import dev.writescope.explain.Explanation.Part;
import dev.writescope.explain.Explanation.Residual;
import dev.writescope.explain.Explanations;
import dev.writescope.explain.ProcessLoad;
import dev.writescope.explain.Remedy;
import dev.writescope.latency.Regression;
import dev.writescope.latency.SeriesInterval;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;

/** Notes as one JSON object per line and victim, in ASCII. What is not known is absent. */
public final class ExplanationJson {
    private static final int SCHEMA = 1;

    private final JsonGenerator json;

    private ExplanationJson(JsonGenerator json) {
        this.json = json;
    }

    /** Does not close {@code out}. */
    public static void write(Explanations explanations, OutputStream out) throws IOException {
        try (JsonGenerator json = JsonLines.JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            ExplanationJson lines = new ExplanationJson(json);
            explanations.notes().forEach(lines::line);
        } catch (JacksonIOException failed) {
            throw failed.getCause();
        }
    }

    private void line(Explanation note) {
        json.writeStartObject();
        json.writeStringProperty("type", "explanation");
        json.writeNumberProperty("schema", SCHEMA);
        json.writeStringProperty("verdict", note.verdict().name().toLowerCase(Locale.ROOT));
        json.writeStringProperty("headline", JsonLines.wellFormed(note.headline()));
        json.writeStringProperty("start", note.start().toString());
        json.writeNumberProperty("duration_s", note.duration().toNanos() / 1e9);
        owner(note.container());
        json.writeStringProperty("operation", note.operation().label());
        figures(note.total());
        regression(note.regression());
        json.writeNumberProperty("taken_apart", note.takenApart());
        parts(note);
        Part overlay = note.overlay();
        if (overlay != null) {
            json.writeObjectPropertyStart("overlay");
            json.writeNumberProperty("share", overlay.share());
            figures(overlay.series());
            json.writeEndObject();
        }
        json.writeObjectPropertyStart("lost");
        JsonLines.losses(json, note.lost());
        json.writeEndObject();
        json.writeNumberProperty("unexplained", note.unexplained());
        array("holders", note.holders(), this::holder);
        array("activity", note.actors(), this::actor);
        array("processes", note.processes(), this::process);
        texts("unusual", note.unusual());
        texts("facts", note.facts());
        array("causes", note.causes(), this::cause);
        texts("verify", note.verify());
        texts("unseen", note.unseen());
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private void owner(Container container) {
        json.writeStringProperty("container", JsonLines.wellFormed(container.name()));
        known("container_id", container.id());
        known("runtime", container.runtime());
        known("namespace", container.namespace());
        known("pod", container.pod());
        known("service", container.service());
    }

    private void figures(SeriesInterval series) {
        json.writeNumberProperty("count", series.count());
        json.writeNumberProperty("errors", series.errors());
        json.writeNumberProperty("p50_ns", series.percentileNs(50));
        json.writeNumberProperty("p99_ns", series.percentileNs(99));
        json.writeNumberProperty("max_ns", series.maxNs());
        json.writeNumberProperty("sum_ns", series.sumNs());
    }

    private void regression(@Nullable Regression regression) {
        if (regression != null) {
            json.writeObjectPropertyStart("regression");
            json.writeNumberProperty("quantile", regression.quantile());
            json.writeNumberProperty("baseline_ns", regression.baselineNs());
            json.writeNumberProperty("current_ns", regression.currentNs());
            json.writeStringProperty("since", regression.since().toString());
            json.writeEndObject();
        }
    }

    /** Their times add up to the operation's, within half a percent. */
    private void parts(Explanation note) {
        json.writeArrayPropertyStart("parts");
        for (Part part : note.parts()) {
            json.writeStartObject();
            part(part);
            json.writeEndObject();
        }
        Residual residual = note.residual();
        if (residual != null) {
            json.writeStartObject();
            json.writeStringProperty("stage", "not_taken_apart");
            json.writeNumberProperty("share", residual.share());
            json.writeNumberProperty("sum_ns", residual.sumNs());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void part(Part part) {
        json.writeStringProperty("stage", part.stage().label());
        json.writeNumberProperty("share", part.share());
        figures(part.series());
    }

    private void holder(Holder holder) {
        json.writeStringProperty("resource", holder.resource().name().toLowerCase(Locale.ROOT));
        owner(holder.container());
        json.writeNumberProperty("share", holder.share());
    }

    private void actor(Actor activity) {
        owner(activity.container());
        if (activity.processes() == 1) {
            json.writeNumberProperty("pid", activity.pid());
        }
        if (activity.processes() > 0) {
            json.writeNumberProperty("processes", activity.processes());
        }
        known("comm", activity.comm());
        known("file", activity.file());
        json.writeNumberProperty("files", activity.files());
        json.writeStringProperty("operation", activity.kind().operation().label());
        json.writeStringProperty("kind", activity.kind().label());
        json.writeNumberProperty("count", activity.count());
        json.writeNumberProperty("bytes", activity.bytes());
        json.writeNumberProperty("sum_ns", activity.totalNs());
    }

    private void process(ProcessLoad load) {
        owner(load.container());
        json.writeNumberProperty("pid", load.pid());
        known("comm", load.comm());
        json.writeNumberProperty("written_bytes_per_s", load.writtenBytes());
        json.writeNumberProperty("cancelled_bytes_per_s", load.cancelledBytes());
        if (load.delayNs() >= 0) {
            json.writeNumberProperty("main_thread_block_delay_ns", load.delayNs());
        }
    }

    private void cause(Cause cause) {
        json.writeStringProperty("name", cause.name().label());
        json.writeStringProperty("confidence", cause.confidence().label());
        known("culprit", cause.culprit());
        if (cause.takesTime()) {
            json.writeNumberProperty("share", cause.share());
        }
        json.writeStringProperty("sentence", JsonLines.wellFormed(cause.sentence()));
        texts("evidence", cause.evidence());
        texts("doubts", cause.doubts());
        array("remedies", cause.remedies(), this::remedy);
    }

    private void remedy(Remedy remedy) {
        json.writeStringProperty("what", JsonLines.wellFormed(remedy.what()));
        texts("lines", remedy.lines());
        json.writeStringProperty("price", JsonLines.wellFormed(remedy.price()));
    }

    private interface Writer<T> {
        void write(T element);
    }

    private <T> void array(String name, List<T> elements, Writer<T> writer) {
        json.writeArrayPropertyStart(name);
        for (T element : elements) {
            json.writeStartObject();
            writer.write(element);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void known(String name, String value) {
        if (!value.isEmpty()) {
            json.writeStringProperty(name, JsonLines.wellFormed(value));
        }
    }

    private void texts(String name, List<String> texts) {
        json.writeArrayPropertyStart(name);
        texts.forEach(text -> json.writeString(JsonLines.wellFormed(text)));
        json.writeEndArray();
    }
}
