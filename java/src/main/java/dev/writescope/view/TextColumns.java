package dev.writescope.view;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Lays rows out under headers, each column as wide as its widest cell; two spaces between columns. */
final class TextColumns<T> {
    private enum Align {
        LEFT,
        RIGHT
    }

    private record Column<T>(String header, Align align, Function<T, String> cell) {}

    private final List<Column<T>> columns = new ArrayList<>();

    TextColumns<T> text(String header, Function<T, String> cell) {
        columns.add(new Column<>(header, Align.LEFT, cell));
        return this;
    }

    TextColumns<T> number(String header, Function<T, String> cell) {
        columns.add(new Column<>(header, Align.RIGHT, cell));
        return this;
    }

    void print(List<T> rows, Appendable out) throws IOException {
        for (String line : lines(rows)) {
            out.append(line).append('\n');
        }
    }

    /** The header, then each row. */
    List<String> lines(List<T> rows) {
        List<List<String>> lines = new ArrayList<>(rows.size() + 1);
        lines.add(columns.stream().map(Column::header).toList());
        for (T row : rows) {
            lines.add(columns.stream().map(column -> column.cell().apply(row)).toList());
        }
        int[] widths = new int[columns.size()];
        for (List<String> line : lines) {
            for (int at = 0; at < widths.length; at++) {
                widths[at] = Math.max(widths[at], Printable.width(line.get(at)));
            }
        }
        return lines.stream().map(line -> render(line, widths)).toList();
    }

    private String render(List<String> line, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < widths.length; at++) {
            text.append(at == 0 ? "" : "  ")
                    .append(
                            columns.get(at).align() == Align.LEFT
                                    ? Printable.left(line.get(at), widths[at])
                                    : Printable.right(line.get(at), widths[at]));
        }
        return text.toString().stripTrailing();
    }
}
