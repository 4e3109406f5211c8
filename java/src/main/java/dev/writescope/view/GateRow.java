package dev.writescope.view;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.QuantileChange;
import dev.writescope.gate.GateResult;
import dev.writescope.gate.Judgement;
import java.util.List;
import java.util.stream.Stream;

/**
 * One line of a gate's table.
 *
 * @param name "fsync P99"
 * @param word "red" or "ok", "" for what is shown but not judged
 */
record GateRow(String name, QuantileChange change, String word) {
    /** All quantiles of what was compared: a reader of a red P99 wants to know whether the others moved too. */
    static List<GateRow> of(GateResult result) {
        Comparison comparison = result.comparison();
        if (comparison == null) {
            return List.of();
        }
        return comparison.subjects().stream()
                .flatMap(one -> one.quantiles().stream()
                        .map(change -> new Judgement(one.subject(), change, false))
                        .map(each -> new GateRow(each.name(), each.change(), word(result, each))))
                .toList();
    }

    private static String word(GateResult result, Judgement each) {
        return result.judgements().stream()
                .filter(one ->
                        one.subject().equals(each.subject()) && one.change().equals(each.change()))
                .flatMap(one -> Stream.of(one.red() ? "red" : "ok"))
                .findFirst()
                .orElse("");
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
