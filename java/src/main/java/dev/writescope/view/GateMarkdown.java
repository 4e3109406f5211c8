package dev.writescope.view;

import dev.writescope.gate.GateResult;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A gate's verdict for the summary of a CI step, in GitHub's Markdown; names are safe as in a comparison's. */
public final class GateMarkdown {
    private GateMarkdown() {}

    /** Writes UTF-8; does not close {@code out}. */
    public static void write(GateResult result, OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("**writescope gate: ")
                .append(ComparisonMarkdown.text(result.headline()))
                .append("**\n");
        List<GateRow> rows = GateRow.of(result);
        if (!rows.isEmpty()) {
            text.append("\n| | baseline | candidate | change | between | |\n|---|--:|--:|--:|--:|---|\n");
            for (GateRow row : rows) {
                text.append("| ").append(ComparisonMarkdown.text(row.name()));
                text.append(" | ").append(row.baseline()).append(" | ").append(row.candidate());
                text.append(" | ").append(row.ratio()).append(" | ").append(row.between());
                text.append(" | ").append(row.word()).append(" |\n");
            }
        }
        for (String note : result.notes()) {
            text.append('\n').append(ComparisonMarkdown.text(note)).append('\n');
        }
        text.append('\n');
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
