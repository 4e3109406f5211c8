package dev.writescope.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class BaselineBuilderTest {
    private static final int SECONDS = 3_600;
    private static final double LOG_ALARM = Math.log(864_000);

    private final BaselineBuilder builder = new BaselineBuilder();
    private final Stream stream = new Stream(113);

    private Map<Level, Tail> learn(
            int seconds, int calls, IntToDoubleFunction slower, BaselineBuilder.Excluded... not) {
        History history = new History();
        for (int second = 0; second < seconds; second++) {
            double times = slower.applyAsDouble(second);
            stream.slower = _ -> times;
            TickCounts tick = new TickCounts();
            Stream.series(stream.key, stream.latencies(calls)).latencies().forEach(tick);
            history.add(second, tick);
        }
        return builder.build(history, 0, seconds, List.of(not), 1, LOG_ALARM);
    }

    private static Tail tail(Level level, Map<Level, Tail> tails) {
        return Objects.requireNonNull(tails.get(level));
    }

    private static double asUsual(int second) {
        return 1;
    }

    @Test
    void independent_calls_vary_as_chance_has_it() {
        Map<Level, Tail> tails = learn(SECONDS, 499, BaselineBuilderTest::asUsual);
        assertThat(tails).containsOnlyKeys(Level.ALL);
        tails.forEach((level, tail) -> {
            assertThat(tail.overdispersion()).isBetween(1.0, 1.7);
            assertThat(tail.share()).isBetween(1 - level.quantile, 0.5);
        });
        // Where 0.02 (x/3)^-2.5 + 0.98 (1 - Φ(2 ln x)) is 0.5 and 0.01.
        assertThat((double) tail(Level.P50, tails).quantileNs()).isCloseTo(1.013e6, within(0.04e6));
        assertThat((double) tail(Level.P99, tails).quantileNs()).isCloseTo(4.28e6, within(0.12e6));
    }

    @Test
    void the_threshold_is_a_quarter_above_the_quantile_and_higher_while_little_is_known() {
        Tail old = tail(Level.P50, learn(SECONDS, 499, BaselineBuilderTest::asUsual));
        Tail young = tail(Level.P50, learn(120, 499, BaselineBuilderTest::asUsual));
        assertThat(ratio(old)).isCloseTo(1.29, within(0.05));
        assertThat(ratio(young)).isCloseTo(2.5, within(0.12));
    }

    private static double ratio(Tail tail) {
        return (double) TickCounts.BUCKETS.lowest(tail.threshold()) / tail.quantileNs();
    }

    @Test
    void load_states_are_overdispersion() {
        Map<Level, Tail> tails = learn(SECONDS, 499, second -> second / 45 % 2 == 0 ? 1 : 1.7);
        assertThat(tail(Level.P50, tails).overdispersion()).isGreaterThan(10);
    }

    @Test
    void a_level_is_judged_if_ten_samples_are_beyond_it() {
        assertThat(learn(990, 1, BaselineBuilderTest::asUsual)).containsOnlyKeys(Level.P50, Level.P90);
        assertThat(learn(1_010, 1, BaselineBuilderTest::asUsual)).containsOnlyKeys(Level.P50, Level.P90, Level.P99);
    }

    @Test
    void an_excluded_stretch_is_not_learned() {
        IntToDoubleFunction slow = second -> second >= 1_600 && second < 2_400 ? 10 : 1;
        double usual = tail(Level.P90, learn(SECONDS, 97, BaselineBuilderTest::asUsual))
                .quantileNs();
        BaselineBuilder.Excluded stretch = new BaselineBuilder.Excluded(1_600, 2_400);
        assertThat((double) tail(Level.P90, learn(SECONDS, 97, slow, stretch)).quantileNs())
                .isCloseTo(usual, within(0.05 * usual));
        assertThat((double) tail(Level.P90, learn(SECONDS, 97, slow)).quantileNs())
                .isGreaterThan(3 * usual);
    }

    @Test
    void what_once_lasted_for_minutes_would_not_raise_an_alarm_if_it_came_again() {
        Tail tail = tail(Level.P99, learn(SECONDS, 499, second -> second >= 1_200 && second < 1_320 ? 2 : 1));
        Evidence again = new Evidence(Level.P99, tail, LOG_ALARM);
        double most = 0;
        for (int second = 0; second < 120; second++) {
            stream.slower = _ -> 2;
            TickCounts tick = new TickCounts();
            Stream.series(stream.key, stream.latencies(499)).latencies().forEach(tick);
            most = Math.max(most, again.add(second, 1, tick.total(), tick.from(tail.threshold()), LOG_ALARM));
        }
        assertThat(Math.log(most)).isLessThan(LOG_ALARM);
    }
}
