package dev.writescope.view;

import java.util.Comparator;
import java.util.List;

/** How the live view sorts its rows; each has the key that picks it. */
enum SortOrder {
    P99('p', "P99"),
    RATE('r', "OPS/s"),
    CONTAINER('c', "CONTAINER"),
    MAX('m', "MAX"),
    THROUGHPUT('t', "MB/s"),
    ERRORS('e', "ERR");

    /** Makes every order total, so that equal rows do not trade places. */
    private static final Comparator<Row> BY_NAME = Comparator.comparing(
                    (Row row) -> Printable.of(row.key().container()))
            .thenComparing(row -> row.key().operation())
            .thenComparing(row -> row.key().stage())
            .thenComparing(row -> Table.kind(row.key()))
            .thenComparing(row -> row.key().place().mount())
            .thenComparing(row -> row.key().place().device());

    private final char key;
    private final String column;

    SortOrder(char key, String column) {
        this.key = key;
        this.column = column;
    }

    char key() {
        return key;
    }

    /** The title of the column it sorts by. */
    String column() {
        return column;
    }

    SortOrder next() {
        List<SortOrder> all = List.of(values());
        return all.get((all.indexOf(this) + 1) % all.size());
    }

    /** Idle rows last: their figures are old. */
    Comparator<LiveRow> at(long tick) {
        Comparator<Row> largestFirst = Comparator.comparingLong(this::figure).reversed();
        return Comparator.comparing((LiveRow row) -> row.idle(tick))
                .thenComparing(LiveRow::row, largestFirst.thenComparing(BY_NAME));
    }

    private long figure(Row row) {
        return switch (this) {
            case P99 -> row.p99Ns();
            case RATE -> row.count();
            case CONTAINER -> 0;
            case MAX -> row.maxNs();
            case THROUGHPUT -> row.bytes();
            case ERRORS -> row.errors();
        };
    }
}
