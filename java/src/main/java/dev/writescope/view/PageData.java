package dev.writescope.view;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.ComparisonRules;
import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.SubjectComparison;
import dev.writescope.compare.SubjectSamples;
import dev.writescope.recording.JsonEscapes;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** What a page's charts are drawn from: JSON that cannot end the element it is in. */
final class PageData {
    /** Escaped, so that nothing in a name can end the script element or begin markup. */
    private static final String MARKUP = "<>&'\u007f";

    /** Of charts; with the library and the tables the page stays below 1.5 MB. */
    private static final int BUDGET_CHARS = 1_000_000;

    private static final int POINTS_PER_DECADE = 24;
    private static final int DECADES = 4;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .characterEscapes(new JsonEscapes(MARKUP))
            .build();

    private PageData() {}

    /** An array of one object for each of the first subjects: as many as fit. */
    static List<String> of(Comparison comparison) {
        List<String> charts = new ArrayList<>();
        int size = 0;
        for (SubjectComparison compared : comparison.subjects()) {
            String chart = chart(compared, comparison.rules());
            size += chart.length();
            if (size > BUDGET_CHARS) {
                break;
            }
            charts.add(chart);
        }
        return charts;
    }

    private static String chart(SubjectComparison compared, ComparisonRules rules) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("name", Printable.of(Changes.name(compared.subject())));
            json.writeStringProperty("verdict", Changes.verdict(compared.verdict(), rules));
            quantiles(compared.quantiles(), json);
            json.writeName("curves");
            json.writeStartArray();
            curve(compared.before().latencies(), json);
            curve(compared.after().latencies(), json);
            json.writeEndArray();
            heatmap(compared, json);
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void quantiles(List<QuantileChange> changes, JsonGenerator json) {
        json.writeArrayPropertyStart("quantiles");
        for (QuantileChange change : changes) {
            if (Double.isFinite(change.low()) && Double.isFinite(change.high())) {
                json.writeStartObject();
                json.writeNumberProperty("q", change.quantile());
                json.writeNumberProperty("low", Math.round(change.beforeNs() * change.low()));
                json.writeNumberProperty("high", Math.round(change.beforeNs() * change.high()));
                json.writeEndObject();
            }
        }
        json.writeEndArray();
    }

    /** Latencies at quantiles whose distances to 1 are of equal ratio; only as far as there are operations. */
    private static void curve(AbstractHistogram latencies, JsonGenerator json) {
        json.writeStartArray();
        for (int i = 0; i <= POINTS_PER_DECADE * DECADES; i++) {
            double oneIn = Math.pow(10, (double) i / POINTS_PER_DECADE);
            if (oneIn > latencies.getTotalCount()) {
                break;
            }
            json.writeNumber(Math.max(1, latencies.getValueAtPercentile(100 * (1 - 1 / oneIn))));
        }
        json.writeEndArray();
    }

    private static void heatmap(SubjectComparison compared, JsonGenerator json) {
        Heatmap heatmap = Heatmap.of(compared);
        json.writeObjectPropertyStart("heatmap");
        json.writeNumberProperty("from", Math.round(heatmap.fromNs() * 1000) / 1000.0);
        json.writeNumberProperty("rows", heatmap.rows());
        json.writeNumberProperty("perDecade", Heatmap.ROWS_PER_DECADE);
        json.writeNumberProperty("columns", heatmap.columns());
        json.writeNumberProperty("seconds", Math.round(heatmap.seconds() * 1e6) / 1e6);
        cells("before", heatmap, compared.before(), json);
        cells("after", heatmap, compared.after(), json);
        json.writeEndObject();
    }

    /** Column, row, count of those that are not empty, one after the other. */
    private static void cells(String name, Heatmap heatmap, SubjectSamples samples, JsonGenerator json) {
        long[][] counts = heatmap.count(samples);
        json.writeArrayPropertyStart(name);
        for (int column = 0; column < counts.length; column++) {
            for (int row = 0; row < counts[column].length; row++) {
                if (counts[column][row] > 0) {
                    json.writeNumber(column);
                    json.writeNumber(row);
                    json.writeNumber(counts[column][row]);
                }
            }
        }
        json.writeEndArray();
    }
}
