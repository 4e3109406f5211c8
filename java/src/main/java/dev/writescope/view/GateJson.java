package dev.writescope.view;

import dev.writescope.compare.QuantileChange;
import dev.writescope.gate.GateResult;
import dev.writescope.gate.Judgement;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;

/** A gate's verdict as one JSON object in one line of ASCII. */
public final class GateJson {
    private static final int SCHEMA = 1;

    private GateJson() {}

    /** Does not close {@code out}. */
    public static void write(GateResult result, OutputStream out) throws IOException {
        try (JsonGenerator json = JsonLines.JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("type", "gate");
            json.writeNumberProperty("schema", SCHEMA);
            json.writeStringProperty("verdict", result.outcome().name().toLowerCase(Locale.ROOT));
            json.writeStringProperty("summary", JsonLines.wellFormed(result.sentence()));
            json.writeArrayPropertyStart("latencies");
            result.judgements().forEach(judgement -> write(judgement, json));
            json.writeEndArray();
            json.writeArrayPropertyStart("notes");
            result.notes().forEach(note -> json.writeString(JsonLines.wellFormed(note)));
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (JacksonIOException failed) {
            throw failed.getCause();
        }
    }

    private static void write(Judgement judgement, JsonGenerator json) {
        QuantileChange change = judgement.change();
        json.writeStartObject();
        json.writeStringProperty(
                "container", JsonLines.wellFormed(judgement.subject().container()));
        json.writeStringProperty("operation", judgement.subject().operation().label());
        if (judgement.subject().kind() != null) {
            json.writeStringProperty("kind", judgement.subject().kind().label());
        }
        json.writeNumberProperty("quantile", change.quantile());
        json.writeNumberProperty("baseline_ns", change.beforeNs());
        json.writeNumberProperty("candidate_ns", change.afterNs());
        finite("ratio", change.ratio(), json);
        finite("low", change.low(), json);
        finite("high", change.high(), json);
        json.writeStringProperty("verdict", judgement.colour().name().toLowerCase(Locale.ROOT));
        json.writeEndObject();
    }

    private static void finite(String name, double value, JsonGenerator json) {
        if (Double.isFinite(value)) {
            json.writeNumberProperty(name, value);
        }
    }
}
