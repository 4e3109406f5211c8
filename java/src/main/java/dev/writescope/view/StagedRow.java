package dev.writescope.view;

import dev.writescope.probe.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The total of an operation with the stages of a block request beside it. People read "is it the queue or the
 * device" off one line; as rows of their own the stages would be sorted away from their total.
 *
 * @param queueP99Ns -1 when there is no such stage, as for deviceP99Ns; the two do not add up to the total's P99
 */
record StagedRow(Row total, long queueP99Ns, long deviceP99Ns) {
    static List<StagedRow> of(List<Row> rows) {
        Map<RowKey, Long> p99 = new HashMap<>();
        for (Row row : rows) {
            if (row.key().stage() != Stage.TOTAL) {
                p99.put(row.key(), row.p99Ns());
            }
        }
        List<StagedRow> staged = new ArrayList<>();
        for (Row row : rows) {
            if (row.key().stage() == Stage.TOTAL) {
                staged.add(new StagedRow(
                        row,
                        p99.getOrDefault(row.key().at(Stage.QUEUE), -1L),
                        p99.getOrDefault(row.key().at(Stage.DEVICE), -1L)));
            }
        }
        return staged;
    }
}
