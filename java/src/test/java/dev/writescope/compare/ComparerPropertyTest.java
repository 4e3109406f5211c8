package dev.writescope.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class ComparerPropertyTest {
    /** Of one interval that is alone: of the figures, not of the promise. */
    private static final ComparisonRules FEW = new ComparisonRules(0.1, 0.05, 300, 7);

    private static List<QuantileChange> quantiles(Recorded before, Recorded after, double effect) {
        ComparisonRules rules = new ComparisonRules(effect, FEW.level(), FEW.resamples(), FEW.seed());
        return new Comparer(rules).compare(before, after).subjects().getFirst().quantiles();
    }

    private static Recorded recorded(Scene scene, double medianNs, int seed) {
        return scene.fsyncs("db", medianNs).run(61, seed);
    }

    @Property(tries = 20)
    void what_was_the_same_moment_for_moment_has_a_ratio_of_1(@ForAll @IntRange(min = 1) int seed) {
        Recorded before = recorded(Scene.before(), 1e6, seed);
        for (QuantileChange each : quantiles(before, recorded(Scene.after(), 1e6, seed), 0)) {
            if (!Double.isNaN(each.ratio())) {
                assertThat(each.ratio()).isEqualTo(1);
                assertThat(each.low()).isLessThan(1);
                assertThat(each.high()).isGreaterThan(1);
            }
        }
    }

    @Property(tries = 20)
    void latencies_times_a_factor_have_that_ratio(
            @ForAll @IntRange(min = 1) int seed, @ForAll @DoubleRange(min = 0.01, max = 100) double factor) {
        Recorded before = recorded(Scene.before(), 1e6, seed);
        for (QuantileChange each : quantiles(before, recorded(Scene.after(), 1e6 * factor, seed), 0.1)) {
            if (!Double.isNaN(each.ratio())) {
                assertThat(each.ratio() / factor).isCloseTo(1, within(0.02)); // buckets are 1 % wide
            }
        }
    }

    @Property(tries = 20)
    void the_other_way_round_everything_is_upside_down(
            @ForAll @IntRange(min = 1) int seed, @ForAll @DoubleRange(min = 0.3, max = 3) double factor) {
        List<QuantileChange> there =
                quantiles(recorded(Scene.before(), 1e6, seed), recorded(Scene.after(), 1e6 * factor, ~seed), 0.1);
        List<QuantileChange> back =
                quantiles(recorded(Scene.before(), 1e6 * factor, ~seed), recorded(Scene.after(), 1e6, seed), 0.1);
        for (int i = 0; i < there.size(); i++) {
            if (!Double.isNaN(there.get(i).ratio())) {
                assertThat(there.get(i).ratio() * back.get(i).ratio()).isCloseTo(1, within(1e-9));
                double width = Math.log(there.get(i).high() / there.get(i).low());
                double widthBack = Math.log(back.get(i).high() / back.get(i).low());
                assertThat(width / widthBack).isBetween(0.5, 2.0); // other resamples of the same
            }
        }
    }

    @Property(tries = 30)
    void a_verdict_is_what_its_interval_says(
            @ForAll @IntRange(min = 1) int seed,
            @ForAll @DoubleRange(min = 0.6, max = 1.7) double factor,
            @ForAll @DoubleRange(min = 0, max = 0.5) double effect) {
        Recorded before = recorded(Scene.before(), 1e6, seed);
        for (QuantileChange each : quantiles(before, recorded(Scene.after(), 1e6 * factor, ~seed), effect)) {
            switch (each.verdict()) {
                case REGRESSED -> assertThat(each.low()).isGreaterThan(1 + effect);
                case IMPROVED -> assertThat(each.high()).isLessThan(1 - effect);
                case NO_CHANGE -> {
                    assertThat(each.low()).isGreaterThanOrEqualTo(1 - effect);
                    assertThat(each.high()).isLessThanOrEqualTo(1 + effect);
                }
                case NOT_ENOUGH_DATA -> assertThat(each.reason()).startsWith("P");
            }
            assertThat(each.reason().isEmpty()).isEqualTo(each.verdict() != Verdict.NOT_ENOUGH_DATA);
            if (!Double.isNaN(each.ratio())) {
                assertThat(each.ratio()).isStrictlyBetween(each.low(), each.high());
            }
        }
    }

    @Property(tries = 100)
    void students_t_is_wider_than_a_normal_one_and_comes_near_it(
            @ForAll @DoubleRange(min = 1, max = 5) double z, @ForAll @DoubleRange(min = 2, max = 500) double freedom) {
        assertThat(Evidence.student(z, freedom)).isGreaterThan(z).isGreaterThan(Evidence.student(z, 2 * freedom));
        assertThat(Evidence.student(z, 1e6)).isCloseTo(z, within(1e-3));
        assertThat(Evidence.student(1.959964, 10)).isCloseTo(2.228, within(0.01)); // from a table
    }
}
