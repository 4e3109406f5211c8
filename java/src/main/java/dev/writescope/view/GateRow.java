package dev.writescope.view;

import dev.writescope.compare.QuantileChange;
import dev.writescope.gate.GateResult;
import dev.writescope.gate.Judgement;
import java.util.List;

/**
 * One line of a gate's table: also what was not judged, as a reader of a red P99 wants to know whether the others moved.
 *
 * @param name "fsync P99"
 * @param word "red" or "green", "" for what is shown but not judged
 */
record GateRow(String name, QuantileChange change, String word) {
    static List<GateRow> of(GateResult result) {
        return result.judgements().stream().map(GateRow::of).toList();
    }

    static GateRow of(Judgement judgement) {
        String word = switch (judgement.colour()) {
            case RED -> "red";
            case GREEN -> "green";
            case UNKNOWN -> "too noisy";
            case NOT_JUDGED -> "";
        };
        return new GateRow(judgement.name(), judgement.change(), word);
    }

    String baseline() {
        return Changes.latency(change.beforeNs());
    }

    String candidate() {
        return Changes.latency(change.afterNs());
    }

    String ratio() {
        return Changes.percent(change.ratio());
    }

    String between() {
        return Changes.interval(change.low(), change.high());
    }
}
