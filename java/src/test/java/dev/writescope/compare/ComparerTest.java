package dev.writescope.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ComparerTest {
    private static final Comparer COMPARER = new Comparer(ComparisonRules.DEFAULT);

    private static Comparison compare(Scene before, Scene after) {
        return COMPARER.compare(before.run(127, 3), after.run(127, 5));
    }

    private static SubjectComparison only(Comparison comparison) {
        assertThat(comparison.subjects()).hasSize(1);
        return comparison.subjects().getFirst();
    }

    private static QuantileChange p99(SubjectComparison subject) {
        return subject.quantiles().get(3);
    }

    @Test
    void latencies_half_as_long_again_are_a_regression_by_as_much() {
        Comparison comparison =
                compare(Scene.before().fsyncs("db", 1e6), Scene.after().fsyncs("db", 1.5e6));
        assertThat(comparison.verdict()).isEqualTo(Verdict.REGRESSED);
        assertThat(comparison.refusals()).isEmpty();
        SubjectComparison subject = only(comparison);
        assertThat(subject.subject()).isEqualTo(new Subject("db", Operation.FSYNC, null, null));
        assertThat(p99(subject).ratio()).isBetween(1.35, 1.65);
        assertThat(p99(subject).low()).isLessThan(1.5);
        assertThat(p99(subject).high()).isGreaterThan(1.5);
        assertThat(subject.quantiles().getFirst().beforeNs()).isBetween(950_000L, 1_050_000L);
        assertThat(subject.before().count())
                .isEqualTo(subject.before().latencies().getTotalCount());
    }

    @Test
    void shorter_latencies_are_an_improvement() {
        assertThat(compare(Scene.before().fsyncs("db", 3e6), Scene.after().fsyncs("db", 1e6))
                        .verdict())
                .isEqualTo(Verdict.IMPROVED);
    }

    @Test
    void the_same_latencies_have_not_changed() {
        Comparison comparison =
                compare(Scene.before().fsyncs("db", 1e6), Scene.after().fsyncs("db", 1e6));
        assertThat(comparison.verdict()).isEqualTo(Verdict.NO_CHANGE);
        assertThat(comparison.changes()).isEmpty();
    }

    @Test
    void a_quantile_with_too_few_samples_beyond_it_is_not_judged_and_says_how_many_are_needed() {
        SubjectComparison subject = only(COMPARER.compare(
                Scene.before().fsyncs("db", 1e6).run(71, 3),
                Scene.after().fsyncs("db", 5e6).run(307, 5)));
        assertThat(p99(subject).verdict()).isEqualTo(Verdict.REGRESSED);
        QuantileChange p999 = subject.quantiles().getLast();
        assertThat(p999.verdict()).isEqualTo(Verdict.NOT_ENOUGH_DATA);
        assertThat(p999.ratio()).isNaN();
        assertThat(p999.reason()).matches("P99\\.9: 15 samples beyond it before, about \\d+ are needed");
    }

    @Test
    void an_interval_across_the_smallest_change_of_interest_is_not_enough_data() {
        SubjectComparison subject =
                only(compare(Scene.before().fsyncs("db", 1e6), Scene.after().fsyncs("db", 1.1e6)));
        assertThat(subject.quantiles().getFirst().verdict()).isEqualTo(Verdict.NOT_ENOUGH_DATA);
        assertThat(subject.quantiles().getFirst().reason()).startsWith("P50: ");
        assertThat(subject.quantiles().getFirst().low()).isGreaterThan(1).isLessThan(1.1);
    }

    @Test
    void constant_latencies_have_an_interval_as_wide_as_their_buckets() {
        Recorded before = constant(Scene.before(), 1_000_003);
        Recorded after = constant(Scene.after(), 1_000_003);
        QuantileChange median =
                only(COMPARER.compare(before, after)).quantiles().getFirst();
        assertThat(median.ratio()).isEqualTo(1);
        assertThat(median.low()).isBetween(0.98, 0.999);
        assertThat(median.high()).isBetween(1.001, 1.02);
        assertThat(median.verdict()).isEqualTo(Verdict.NO_CHANGE);
    }

    private static Recorded constant(Scene scene, double latencyNs) {
        scene.sigma = 0;
        return scene.fsyncs("db", latencyNs).run(61, 3);
    }

    @Test
    void recordings_of_different_digits_compare_without_bias() {
        Scene fine = Scene.after().fsyncs("db", 1e6);
        fine.digits = 3;
        Comparison comparison = compare(Scene.before().fsyncs("db", 1e6), fine);
        assertThat(only(comparison).quantiles().getFirst().ratio()).isBetween(0.98, 1.02);
        assertThat(comparison.changes()).contains(new OtherChange("significant digits", "2", "3"));
    }

    @Test
    void block_requests_are_told_apart_by_kind_and_others_are_not() {
        Comparison comparison = compare(mixed(Scene.before()), mixed(Scene.after()));
        assertThat(comparison.subjects())
                .extracting(SubjectComparison::subject)
                .containsExactlyInAnyOrder(
                        new Subject("db", Operation.FSYNC, null, null),
                        new Subject("db", Operation.BLOCK, Kind.BLOCK_WRITE, null),
                        new Subject("db", Operation.BLOCK, Kind.BLOCK_FLUSH, null));
    }

    private static Scene mixed(Scene scene) {
        return scene.with(Scene.container("db"), Kind.FSYNC, Scene.volume("/data", ""), 101, 1e6)
                .with(Scene.container("db"), Kind.FDATASYNC, Scene.volume("/data", ""), 103, 1e6)
                .with(Scene.container("db"), Kind.BLOCK_WRITE, Scene.volume("", ""), 107, 1e5)
                .with(Scene.container("db"), Kind.BLOCK_FLUSH, Scene.volume("", ""), 109, 3e5);
    }

    @Test
    void mounts_are_compared_too_where_there_is_more_than_one() {
        Scene before = Scene.before()
                .with(Scene.container("db"), Kind.FSYNC, Scene.volume("/data", ""), 101, 1e6)
                .with(Scene.container("db"), Kind.FSYNC, Scene.volume("/log", ""), 103, 1e6);
        Scene after = Scene.after()
                .with(Scene.container("db"), Kind.FSYNC, Scene.volume("/data", ""), 101, 1e6)
                .with(Scene.container("db"), Kind.FSYNC, Scene.volume("/log", ""), 103, 5e6);
        Comparison comparison = compare(before, after);
        assertThat(comparison.subjects())
                .filteredOn(each -> each.subject().mount() != null)
                .extracting(each -> each.subject().mount() + " " + each.verdict())
                .containsExactly("/log REGRESSED", "/data NO_CHANGE");
        assertThat(comparison.subjects()).hasSize(3);
    }

    @Test
    void what_only_one_recording_has_is_named_and_not_judged() {
        Comparison comparison = compare(
                Scene.before().fsyncs("db", 1e6).fsyncs("etl", 1e6),
                Scene.after().fsyncs("db", 1e6).fsyncs("web", 1e6));
        assertThat(comparison.subjects()).hasSize(1);
        assertThat(comparison.onlyBefore()).containsExactly(new Subject("etl", Operation.FSYNC, null, null));
        assertThat(comparison.onlyAfter()).containsExactly(new Subject("web", Operation.FSYNC, null, null));
    }

    @Test
    void several_containers_of_one_name_are_one() {
        Scene before = Scene.before().fsyncs("db", 1e6);
        Scene after = Scene.after().fsyncs("db", 1e6).fsyncs("db", 1e6);
        assertThat(only(compare(before, after)).after().count()).isEqualTo(2 * 211 * 127);
    }

    @Test
    void the_worst_comes_first() {
        Comparison comparison = compare(
                Scene.before()
                        .fsyncs("a", 1e6)
                        .fsyncs("b", 1e6)
                        .fsyncs("c", 1e6)
                        .fsyncs("d", 2e6),
                Scene.after().fsyncs("a", 1e6).fsyncs("b", 2e6).fsyncs("c", 3e6).fsyncs("d", 1e6));
        assertThat(comparison.subjects())
                .extracting(each -> each.subject().container())
                .containsExactly("c", "b", "d", "a");
    }

    @Test
    void the_same_recordings_give_the_same_figures() {
        Recorded before = Scene.before().fsyncs("db", 1e6).run(97, 3);
        Recorded after = Scene.after().fsyncs("db", 1.2e6).run(97, 5);
        assertThat(COMPARER.compare(before, after).subjects().getFirst().quantiles())
                .isEqualTo(COMPARER.compare(before, after).subjects().getFirst().quantiles());
    }

    @Test
    void slots_are_the_whole_recording_in_order() {
        SubjectSamples samples = only(compare(
                        Scene.before().fsyncs("db", 1e6), Scene.after().fsyncs("db", 1e6)))
                .before();
        assertThat(samples.slots()).hasSize(127);
        assertThat(samples.slots()).extracting(Slot::start).isSorted().startsWith(Scene.SIX);
        assertThat(samples.slots().stream()
                        .mapToLong(slot -> slot.latencies().getTotalCount())
                        .sum())
                .isEqualTo(samples.count());
    }

    @Test
    void runs_that_differ_among_themselves_make_intervals_wider_than_their_operations_would() {
        Recorded steady = Scene.before().fsyncs("db", 1e6).runs(5, 31, 41, 3);
        Recorded after = Scene.after().fsyncs("db", 1e6).runs(5, 31, 41, 5);
        assertThat(steady.segments()).isEqualTo(5);
        double alike = width(COMPARER.compare(steady, after));
        Scene wandering = Scene.before().fsyncs("db", 1e6);
        wandering.factorOfSecond = second -> 1 + 0.2 * Math.floorDiv(second, 41);
        assertThat(width(COMPARER.compare(wandering.runs(5, 31, 41, 3), after))).isGreaterThan(5 * alike);
    }

    @Test
    void what_drifts_in_both_recordings_alike_costs_nothing_when_they_are_paired() {
        Scene before = Scene.before().fsyncs("db", 1e6);
        Scene after = Scene.before().fsyncs("db", 1.5e6);
        after.start = Scene.SIX.plus(Duration.ofSeconds(20));
        before.factorOfSecond = second -> 1 + 0.2 * Math.floorDiv(second, 41);
        after.factorOfSecond = before.factorOfSecond;
        Recorded first = before.runs(7, 17, 41, 3);
        Recorded second = after.runs(7, 17, 41, 5);
        Comparison paired = COMPARER.comparePaired(first, second);
        assertThat(paired.refusals()).isEmpty();
        assertThat(only(paired).quantiles().getFirst().verdict()).isEqualTo(Verdict.REGRESSED);
        assertThat(COMPARER.compare(first, second).refusals()).hasSize(1);
    }

    private static double width(Comparison comparison) {
        QuantileChange median = only(comparison).quantiles().getFirst();
        return Math.log(median.high() / median.low());
    }
}
