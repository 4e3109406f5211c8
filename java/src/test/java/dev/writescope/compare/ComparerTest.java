package dev.writescope.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.writescope.probe.Coverage;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class ComparerTest {
    private static final double MS = 1e6;

    private static Comparison compare(Scene before, Scene after) {
        return compare(before.run(307, 3), after.run(311, 5));
    }

    private static Comparison compare(Recorded before, Recorded after) {
        return new Comparer(ComparisonRules.DEFAULT).compare(before, after);
    }

    private static SubjectComparison only(Comparison comparison) {
        assertThat(comparison.subjects()).hasSize(1);
        return comparison.subjects().getFirst();
    }

    @Property(tries = 12)
    void latencies_times_a_factor_give_that_ratio_and_the_interval_holds_it(
            @ForAll @DoubleRange(min = 0.4, max = 2.5) double factor,
            @ForAll @LongRange(min = 1, max = 999) long seed) {
        Comparison comparison = compare(
                Scene.before().fsyncs("db", MS).run(307, seed),
                Scene.after().fsyncs("db", factor * MS).run(311, seed + 1_000));
        for (QuantileChange change : only(comparison).quantiles()) {
            if (change.verdict() != Verdict.NOT_ENOUGH_DATA || change.reason().isEmpty()) {
                assertThat(change.ratio()).isCloseTo(factor, within(0.25 * factor));
                assertThat(change.low()).isLessThan(change.ratio()).isPositive();
                assertThat(change.high()).isGreaterThan(change.ratio());
            }
        }
        QuantileChange p50 = only(comparison).quantiles().getFirst();
        assertThat(p50.ratio()).isCloseTo(factor, within(0.02 * factor));
        if (factor > 1.13) {
            assertThat(p50.verdict()).isEqualTo(Verdict.REGRESSED);
        } else if (factor < 0.88) {
            assertThat(p50.verdict()).isEqualTo(Verdict.IMPROVED);
        } else if (factor > 0.93 && factor < 1.07) {
            assertThat(p50.verdict()).isEqualTo(Verdict.NO_CHANGE);
        }
    }

    @Test
    void the_verdict_follows_from_the_interval() {
        Comparison comparison =
                compare(Scene.before().fsyncs("db", MS), Scene.after().fsyncs("db", 1.04 * MS));
        for (QuantileChange change : only(comparison).quantiles()) {
            Verdict expected = change.low() > 1.1
                    ? Verdict.REGRESSED
                    : change.high() < 1 / 1.1
                            ? Verdict.IMPROVED
                            : change.low() > 1 / 1.1 && change.high() < 1.1
                                    ? Verdict.NO_CHANGE
                                    : Verdict.NOT_ENOUGH_DATA;
            assertThat(change.verdict()).as("%s", change).isEqualTo(expected);
        }
    }

    @Test
    void the_same_recordings_give_the_same_figures() {
        Recorded before = Scene.before().fsyncs("db", MS).run(97, 3);
        Recorded after = Scene.after().fsyncs("db", 1.3 * MS).run(97, 5);
        assertThat(compare(before, after).subjects().getFirst().quantiles())
                .isEqualTo(compare(before, after).subjects().getFirst().quantiles());
    }

    @Test
    void a_percentile_with_few_operations_beyond_it_is_not_judged_and_says_why() {
        Scene before = Scene.before().with(Scene.container("db"), Kind.FSYNC, Scene.volume("/data", "rw"), 3, MS);
        Scene after = Scene.after().with(Scene.container("db"), Kind.FSYNC, Scene.volume("/data", "rw"), 3, 5 * MS);
        QuantileChange p999 = only(compare(before, after)).quantiles().getLast();
        assertThat(p999.quantile()).isEqualTo(0.999);
        assertThat(p999.verdict()).isEqualTo(Verdict.NOT_ENOUGH_DATA);
        assertThat(p999.reason()).isNotBlank();
    }

    @Test
    void what_is_worst_comes_first() {
        Comparison comparison = compare(
                Scene.before().fsyncs("a", MS).fsyncs("b", MS).fsyncs("c", MS),
                Scene.after().fsyncs("a", MS).fsyncs("b", 3 * MS).fsyncs("c", MS / 3));
        assertThat(comparison.verdict()).isEqualTo(Verdict.REGRESSED);
        assertThat(comparison.subjects().getFirst().subject().container()).isEqualTo("b");
        assertThat(comparison.subjects())
                .extracting(SubjectComparison::verdict)
                .containsExactlyInAnyOrder(Verdict.REGRESSED, Verdict.IMPROVED, Verdict.NO_CHANGE);
    }

    @Test
    void a_pod_of_a_deployment_is_found_again_under_its_new_name() {
        Comparison comparison = compare(
                Scene.before()
                        .with(
                                Scene.inPod("shop", "db-6d4cf56db6-x7x2p", "db"),
                                Kind.FSYNC,
                                Scene.volume("/d", "rw"),
                                97,
                                MS),
                Scene.after()
                        .with(
                                Scene.inPod("shop", "db-7c9d8f6b5c-q2w4z", "db"),
                                Kind.FSYNC,
                                Scene.volume("/d", "rw"),
                                97,
                                MS));
        assertThat(only(comparison).verdict()).isEqualTo(Verdict.NO_CHANGE);
        assertThat(comparison.refusals()).isEmpty();
    }

    @Test
    void the_mount_that_changed_and_its_options_are_named() {
        Comparison comparison = compare(
                Scene.before().with(Scene.container("db"), Kind.FSYNC, Scene.volume("/data", "rw,relatime"), 97, MS),
                Scene.after().with(Scene.container("db"), Kind.FSYNC, Scene.volume("/data", "rw,noatime"), 97, MS));
        assertThat(comparison.changes()).anySatisfy(change -> {
            assertThat(change.what()).contains("/data", "db");
            assertThat(change.before()).contains("relatime");
            assertThat(change.after()).contains("noatime");
        });
    }

    private static void assertRefused(Comparison comparison, String... words) {
        assertThat(comparison.refusals())
                .anySatisfy(refusal -> assertThat(refusal).contains(words));
        assertThat(comparison.verdict()).isEqualTo(Verdict.NOT_ENOUGH_DATA);
    }

    @Test
    void recordings_that_cannot_be_compared_are_refused_with_the_reason() {
        Scene lossy = Scene.after().fsyncs("db", 3 * MS);
        lossy.lost = new Losses(13, 0, 0);
        assertRefused(compare(Scene.before().fsyncs("db", MS), lossy), "13 fsync events were lost", "after.hlog");

        Scene otherHooks = Scene.after().fsyncs("db", 3 * MS);
        otherHooks.coverage = List.of(new Coverage(Operation.FSYNC, "fentry", List.of()));
        assertRefused(compare(Scene.before().fsyncs("db", MS), otherHooks), "fsync", "io_uring");

        assertRefused(
                compare(Scene.before().fsyncs("db", MS), Scene.after().fsyncs("web", MS)),
                "no container is in both recordings");
        assertRefused(compare(Scene.after().fsyncs("db", MS), Scene.before().fsyncs("db", MS)), "swap them");
        assertRefused(
                compare(
                        Scene.before().fsyncs("db", MS).run(2, 3),
                        Scene.after().fsyncs("db", MS).run(97, 5)),
                "too short");
    }
}
