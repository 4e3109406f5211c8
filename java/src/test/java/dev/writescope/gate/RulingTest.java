package dev.writescope.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.ComparisonRules;
import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.RateChange;
import dev.writescope.compare.RecordingFacts;
import dev.writescope.compare.Subject;
import dev.writescope.compare.SubjectComparison;
import dev.writescope.compare.SubjectSamples;
import dev.writescope.compare.Verdict;
import dev.writescope.latency.RunStart;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RulingTest {
    private static final GateRules RULES = new GateRules(0.10, List.of(0.99), 5, 1);

    private static QuantileChange change(double quantile, double ratio, double low, double high) {
        return new QuantileChange(quantile, 101_000, 103_000, ratio, low, high, Verdict.NO_CHANGE, "");
    }

    private static QuantileChange unknown(String reason) {
        return new QuantileChange(0.99, 0, 0, Double.NaN, Double.NaN, Double.NaN, Verdict.NOT_ENOUGH_DATA, reason);
    }

    private static SubjectComparison subject(Operation operation, QuantileChange... changes) {
        var samples = new SubjectSamples(0, 0, new Histogram(3), List.of());
        return new SubjectComparison(
                new Subject("command", operation, null, null),
                samples,
                samples,
                List.of(changes),
                new RateChange(1, 1, 1, 1, 1),
                Verdict.NO_CHANGE);
    }

    private static Comparison comparison(List<String> refusals, SubjectComparison... subjects) {
        var start = new RunStart(
                Instant.parse("2026-11-24T06:00:00Z"),
                "",
                "",
                "",
                "",
                "",
                Duration.ofSeconds(1),
                3,
                List.of(),
                List.of());
        var facts = new RecordingFacts("x", start, Duration.ofSeconds(7), 0, Losses.NONE, false);
        return new Comparison(
                facts, facts, ComparisonRules.DEFAULT, List.of(subjects), List.of(), List.of(), List.of(), refusals);
    }

    private static GateResult rule(SubjectComparison... subjects) {
        return Ruling.of(comparison(List.of(), subjects), RULES);
    }

    @Test
    void worse_by_more_than_is_tolerated_is_red_and_says_by_how_much() {
        GateResult result = rule(
                subject(Operation.FSYNC, change(0.99, 1.38, 1.21, 1.57)),
                subject(Operation.WRITE, change(0.99, 1, 0.9, 1.1)));
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.RED);
        assertThat(result.headline()).isEqualTo("red: fsync P99 +38 % (at least +21 %)");
    }

    @Test
    void what_may_be_within_the_tolerated_change_is_green() {
        GateResult result = rule(subject(Operation.FSYNC, change(0.99, 1.3, 1.07, 1.57)));
        assertThat(result.headline()).isEqualTo("green: fsync P99 +30 % (at most +57 %)");
    }

    @Test
    void noise_that_can_hide_a_doubling_is_no_verdict() {
        GateResult result = rule(subject(Operation.FSYNC, change(0.99, 1.03, 0.47, 2.3)));
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.NO_VERDICT);
        assertThat(result.sentence()).contains("too noisy").contains("--repeat");
    }

    @Test
    void red_stays_red_beside_noise() {
        GateResult result = rule(
                subject(Operation.WRITE, change(0.99, 1, 0.3, 3.1)),
                subject(Operation.FSYNC, change(0.99, 1.38, 1.21, 1.57)));
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.RED);
    }

    @Test
    void an_operation_that_is_hardly_made_is_left_out_and_named() {
        GateResult result = rule(
                subject(Operation.FSYNC, change(0.99, 1.02, 0.93, 1.13)), subject(Operation.WRITE, unknown("too few")));
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.GREEN);
        assertThat(result.notes()).containsExactly("write P99 is not judged: too few");
    }

    @Test
    void where_nothing_can_be_judged_there_is_no_verdict() {
        GateResult result = rule(subject(Operation.FSYNC, unknown("too few")));
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.NO_VERDICT);
        assertThat(result.sentence()).startsWith("fsync P99 is not judged: too few");
    }

    @Test
    void other_quantiles_than_those_asked_for_are_shown_but_not_judged() {
        GateResult result = rule(subject(Operation.FSYNC, change(0.5, 3.1, 2.9, 3.3), change(0.99, 1.02, 0.93, 1.13)));
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.GREEN);
        assertThat(result.judgements()).hasSize(1);
    }

    @Test
    void what_a_comparison_refuses_is_no_verdict() {
        GateResult result = Ruling.of(
                comparison(
                        List.of("13 fsync events were lost"), subject(Operation.FSYNC, change(0.99, 1.38, 1.21, 1.57))),
                RULES);
        assertThat(result.headline()).isEqualTo("no verdict: 13 fsync events were lost");
    }
}
