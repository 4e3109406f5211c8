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
 * @param wholeNs the time of the whole operation, of which this is a part; 0 if it is the whole
 */
record StagedRow(Row total, long queueP99Ns, long deviceP99Ns, long wholeNs) {
    static StagedRow part(Row part, long wholeNs) {
        return new StagedRow(part, -1, -1, wholeNs);
    }

    /** Such as "12.3 %" of the time of the whole operation; "-" if it is that. */
    String share() {
        return wholeNs == 0 ? "-" : Figures.share(total.sumNs(), wholeNs);
    }

    static List<StagedRow> of(List<Row> rows) {
        Map<RowKey, Long> p99 = new HashMap<>();
        for (Row row : rows) {
            if (row.key().stage() != Stage.TOTAL && !row.key().isPhase()) {
                p99.put(row.key(), row.p99Ns());
            }
        }
        List<StagedRow> staged = new ArrayList<>();
        for (Row row : rows) {
            if (row.key().stage() == Stage.TOTAL) {
                staged.add(new StagedRow(
                        row,
                        p99.getOrDefault(row.key().at(Stage.QUEUE), -1L),
                        p99.getOrDefault(row.key().at(Stage.DEVICE), -1L),
                        0));
            }
        }
        return staged;
    }
}
