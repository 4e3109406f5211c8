package dev.writescope.view;

import dev.writescope.gate.GateResult;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A gate's verdict for a terminal or a build log: a sentence, then all figures. */
public final class GateText {
    private GateText() {}

    /** Writes UTF-8; does not close {@code out}. */
    public static void write(GateResult result, OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("gate: ").append(Printable.of(result.headline())).append('\n');
        List<GateRow> rows = GateRow.of(result);
        if (!rows.isEmpty()) {
            text.append('\n');
            new TextColumns<GateRow>()
                    .text("", row -> Printable.of(row.name()))
                    .number("BASELINE", GateRow::baseline)
                    .number("CANDIDATE", GateRow::candidate)
                    .number("CHANGE", GateRow::ratio)
                    .number("BETWEEN", GateRow::between)
                    .text("", GateRow::word)
                    .print(rows, text);
        }
        for (String note : result.notes()) {
            text.append(Printable.of(note)).append('\n');
        }
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
