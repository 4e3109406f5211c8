package dev.writescope.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.writescope.latency.Judge;
import dev.writescope.latency.Regression;
import dev.writescope.latency.Regression.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is flagged and what is not, of one series. Seeds are fixed: these are no measurements of rates. */
class FlagsTest {
    private static final int HALF_AN_HOUR = 1_800;

    private static double asUsual(double place) {
        return 1;
    }

    /** The slowest 2 % are five times as slow. */
    private static double tailX5(double place) {
        return place >= 0.98 ? 5 : 1;
    }

    private static double allX2(double place) {
        return 2;
    }

    /** Calls of all kinds, 1 % of them, are twenty times as slow. */
    private static double slowMode(double place) {
        return place >= 0.40 && place < 0.41 ? 20 : 1;
    }

    private static Stream quiet(long seed) {
        Stream stream = new Stream(seed);
        assertThat(stream.run(HALF_AN_HOUR, 499)).isEmpty();
        return stream;
    }

    private static Regression alarm(DoubleUnaryOperator slower, long seed) {
        Stream stream = quiet(seed);
        stream.slower = slower;
        assertThat(stream.run(120, 499)).hasSize(1);
        return stream.said.getFirst();
    }

    @ParameterizedTest
    @CsvSource({"3, 499", "5, 53", "7, 5"})
    void nothing_is_flagged_where_nothing_changes(long seed, int callsPerSecond) {
        assertThat(new Stream(seed).run(3 * 3_607, callsPerSecond)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 13, 17})
    void a_slower_tail_is_flagged_as_a_tail_with_its_figures_within_twenty_seconds(long seed) {
        Regression alarm = alarm(FlagsTest::tailX5, seed);
        assertThat(alarm.state()).isEqualTo(State.ALARM);
        assertThat(alarm.quantile()).isGreaterThanOrEqualTo(0.99);
        assertThat(alarm.container()).isEqualTo(Stream.container("db"));
        assertThat(alarm.kind()).isNull();
        assertThat(alarm.mount()).isNull();
        // Of the tail alone; the body adds up to 8 %.
        double usual = 3e6 * Math.pow(0.02 / (1 - alarm.quantile()), 0.4);
        assertThat((double) alarm.baselineNs()).isCloseTo(usual, within(0.15 * usual));
        assertThat(alarm.ratio()).isBetween(3.5, 6.5);
        Instant changed = Stream.START.plusSeconds(HALF_AN_HOUR);
        assertThat(Duration.between(changed, alarm.since()).abs()).isLessThan(Duration.ofSeconds(7));
        assertThat(Duration.between(changed, alarm.time())).isLessThan(Duration.ofSeconds(31));
    }

    @ParameterizedTest
    @ValueSource(longs = {19, 23})
    void where_all_is_slower_the_middle_is_named(long seed) {
        Regression alarm = alarm(FlagsTest::allX2, seed);
        assertThat(alarm.quantile()).isLessThanOrEqualTo(0.9);
        assertThat(alarm.ratio()).isBetween(1.8, 2.2);
    }

    @ParameterizedTest
    @ValueSource(longs = {29, 31})
    void a_slow_mode_of_one_percent_is_found_in_the_tail(long seed) {
        assertThat(alarm(FlagsTest::slowMode, seed).quantile()).isGreaterThanOrEqualTo(0.99);
    }

    @Test
    void what_is_faster_is_not_flagged_nor_is_the_return_to_the_old_level_soon_after() {
        Stream stream = quiet(41);
        stream.slower = _ -> 0.4;
        assertThat(stream.run(120, 499)).isEmpty();
        stream.slower = FlagsTest::asUsual;
        assertThat(stream.run(601, 499)).isEmpty();
    }

    /** Ten samples are needed beyond the median, and no baseline reaches back further than six hours. */
    @Test
    void a_call_every_half_hour_is_never_enough_to_judge() {
        Stream stream = new Stream(43);
        for (int call = 0; call < 37; call++) {
            double times = call < 23 ? 1 : 100;
            stream.slower = _ -> times;
            stream.run(1, 1);
            stream.run(1_861, 0);
        }
        assertThat(stream.said).isEmpty();
        assertThat(stream.detector.state()).isEqualTo(Judge.State.LEARNING);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 5})
    void a_burst_is_no_regression(int seconds) {
        Stream stream = quiet(47);
        stream.slower = _ -> 50;
        stream.run(seconds, 499);
        stream.slower = FlagsTest::asUsual;
        stream.run(601, 499);
        assertThat(stream.said).isEmpty();
    }

    @Test
    void commits_that_were_always_there_are_no_regression_and_worse_ones_are() {
        Stream stream = new Stream(53);
        commits(stream, 3_607, 10);
        assertThat(stream.said).isEmpty();
        commits(stream, 601, 100);
        assertThat(stream.said).first().extracting(Regression::state).isEqualTo(State.ALARM);
    }

    /** Every fifth second a tenth of the calls takes so many times as long. */
    private static void commits(Stream stream, int seconds, double times) {
        for (int second = 0; second < seconds; second++) {
            stream.slower =
                    Stream.commits(second) ? place -> place >= 0.5 && place < 0.6 ? times : 1 : FlagsTest::asUsual;
            stream.run(1, 499);
        }
    }

    @Test
    void the_end_of_a_regression_is_told_with_what_is_now() {
        Stream stream = quiet(59);
        stream.slower = FlagsTest::tailX5;
        stream.run(301, 499);
        stream.slower = FlagsTest::asUsual;
        stream.run(601, 499);
        assertThat(stream.said).extracting(Regression::state).containsExactly(State.ALARM, State.RECOVERED);
        Regression alarm = stream.said.getFirst();
        Regression recovered = stream.said.getLast();
        assertThat(recovered.quantile()).isEqualTo(alarm.quantile());
        assertThat(recovered.since()).isEqualTo(alarm.since());
        assertThat(recovered.baselineNs()).isEqualTo(alarm.baselineNs());
        assertThat(recovered.ratio()).isBetween(0.6, 1.6);
        Instant better = Stream.START.plusSeconds(HALF_AN_HOUR + 301);
        assertThat(recovered.time()).isBetween(better, better.plusSeconds(31));
    }

    @Test
    void an_alarm_is_held_for_thirty_seconds() {
        Stream stream = quiet(61);
        stream.slower = _ -> 5;
        while (stream.run(1, 499).isEmpty()) {
            assertThat(stream.now()).isBefore(Stream.START.plusSeconds(HALF_AN_HOUR + 61));
        }
        stream.slower = FlagsTest::asUsual;
        assertThat(stream.run(29, 499)).isEmpty();
        assertThat(stream.run(31, 499))
                .singleElement()
                .extracting(Regression::state)
                .isEqualTo(State.RECOVERED);
    }

    @Test
    void what_lasts_half_an_hour_becomes_the_new_normal_and_worse_than_that_is_flagged_again() {
        Stream stream = quiet(67);
        stream.slower = FlagsTest::allX2;
        stream.run(2_003, 499);
        assertThat(stream.said).extracting(Regression::state).containsExactly(State.ALARM, State.ACCEPTED);
        Regression accepted = stream.said.getLast();
        assertThat(Duration.between(stream.said.getFirst().time(), accepted.time()))
                .isBetween(Duration.ofSeconds(1_795), Duration.ofSeconds(1_805));
        assertThat(accepted.ratio()).isBetween(1.8, 2.2);
        assertThat(stream.run(3_607, 499)).isEmpty();
        stream.slower = _ -> 4;
        assertThat(stream.run(120, 499)).singleElement().satisfies(again -> {
            assertThat(again.state()).isEqualTo(State.ALARM);
            assertThat((double) again.baselineNs())
                    .isCloseTo(2.0 * stream.said.getFirst().baselineNs(), within(2e5));
        });
    }

    @Test
    void silence_during_an_alarm_does_not_make_it_the_new_normal() {
        Stream stream = quiet(71);
        stream.slower = FlagsTest::tailX5;
        stream.run(61, 499);
        stream.run(2_003, 0);
        stream.slower = FlagsTest::asUsual;
        stream.run(301, 499);
        assertThat(stream.said).extracting(Regression::state).containsExactly(State.ALARM, State.RECOVERED);
    }

    @ParameterizedTest
    @CsvSource({"100, 499", "700, 499", "10000, 499"})
    void intervals_of_any_length_are_judged(long millis, int callsPerSecond) {
        Stream stream = new Stream(79);
        stream.length = Duration.ofMillis(millis);
        assertThat(stream.run((int) (HALF_AN_HOUR * 1000L / millis), callsPerSecond))
                .isEmpty();
        Instant changed = stream.now();
        stream.slower = FlagsTest::allX2;
        stream.run((int) (60_000 / millis), callsPerSecond);
        assertThat(stream.said).singleElement().satisfies(alarm -> {
            assertThat(Duration.between(changed, alarm.time())).isLessThanOrEqualTo(Duration.ofSeconds(31));
            assertThat(Duration.between(changed, alarm.since()).abs()).isLessThanOrEqualTo(Duration.ofSeconds(10));
        });
    }

    @Property(tries = 30)
    void no_single_interval_is_a_regression_whatever_is_in_it(
            @ForAll @LongRange(min = 1, max = 600_000) long millis,
            @ForAll @IntRange(min = 1, max = 100_003) int calls,
            @ForAll @IntRange(min = 1, max = 1_009) int times) {
        Stream stream = new Stream(83);
        stream.run(601, 53);
        stream.slower = _ -> times;
        stream.length = Duration.ofMillis(millis);
        stream.next(List.of(Stream.series(stream.key, stream.latencies(calls))));
        stream.slower = FlagsTest::asUsual;
        stream.length = Duration.ofSeconds(1);
        stream.run(31, 53);
        assertThat(stream.said).isEmpty();
    }

    @Test
    void a_young_series_is_judged_for_large_changes_only() {
        Stream stream = new Stream(89);
        assertThat(stream.run(181, 499)).isEmpty();
        assertThat(stream.detector.state()).isEqualTo(Judge.State.WATCHING);
        stream.slower = _ -> 1.5;
        assertThat(stream.run(31, 499)).isEmpty();
        stream.slower = _ -> 10;
        assertThat(stream.run(61, 499))
                .singleElement()
                .extracting(Regression::state)
                .isEqualTo(State.ALARM);
    }

    @Test
    void nothing_is_judged_while_it_warms_up() {
        Stream stream = new Stream(97);
        stream.run(60, 499);
        stream.slower = _ -> 50;
        assertThat(stream.run(55, 499)).isEmpty();
        assertThat(stream.detector.state()).isEqualTo(Judge.State.LEARNING);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN})
    void a_budget_is_above_zero(double budget) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DetectorSettings(budget, Duration.ofMinutes(2), false));
    }
}
