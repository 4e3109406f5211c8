package dev.writescope.view;

import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parts of the syncs and writes among some rows. */
final class Phases {
    private final Map<RowKey, List<Row>> parts = new HashMap<>();

    Phases(List<Row> rows) {
        for (Row row : rows) {
            if (row.key().isPhase()) {
                parts.computeIfAbsent(row.key().at(Stage.TOTAL), _ -> new ArrayList<>())
                        .add(row);
            }
        }
        parts.values()
                .forEach(each -> each.sort(Comparator.comparing(
                                (Row row) -> !row.key().stage().isPart())
                        .thenComparing(Comparator.comparingLong(Row::sumNs).reversed())
                        .thenComparing(row -> row.key().stage())));
    }

    /**
     * The parts of an operation, those that took most of its time first; none if it was not taken apart. What overlaps
     * with them comes last.
     */
    List<Row> of(Row total) {
        return parts.getOrDefault(total.key(), List.of());
    }

    /** Says how many operations the parts are of; empty if of all, or of none. */
    String coverage(Row total) {
        long apart = of(total).stream()
                .filter(part -> part.key().stage() == Stage.RUNNING)
                .mapToLong(Row::count)
                .sum();
        if (apart == 0 || apart >= total.count()) {
            return "";
        }
        String of = apart + " of " + total.count() + " operations";
        // A write that never slept is not told of: it is all running.
        return total.key().operation() == Operation.WRITE ? "parts of the " + of + " that waited" : "parts of " + of;
    }
}
