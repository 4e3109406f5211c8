package dev.writescope.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.writescope.latency.Judge;
import dev.writescope.latency.Regression;
import dev.writescope.latency.Regression.State;
import dev.writescope.probe.Losses;
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
class DetectorTest {
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
    void nothingIsFlaggedWhereNothingChanges(long seed, int callsPerSecond) {
        assertThat(new Stream(seed).run(3 * 3_607, callsPerSecond)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 13, 17})
    void aSlowerTailIsFlaggedAsATailWithItsFiguresWithinTwentySeconds(long seed) {
        Regression alarm = alarm(DetectorTest::tailX5, seed);
        assertThat(alarm.state()).isEqualTo(State.ALARM);
        assertThat(alarm.quantile()).isGreaterThanOrEqualTo(0.99);
        assertThat(alarm.container()).isEqualTo(Stream.container("db"));
        assertThat(alarm.kind()).isNull();
        assertThat(alarm.mount()).isNull();
        // P99 is 3 ms × 2^0.4; P99.9 is 3 ms × 20^0.4.
        double usual = 3e6 * Math.pow(0.02 / (1 - alarm.quantile()), 0.4);
        assertThat((double) alarm.baselineNs()).isCloseTo(usual, within(0.15 * usual));
        assertThat(alarm.ratio()).isBetween(3.5, 6.5);
        Instant changed = Stream.START.plusSeconds(HALF_AN_HOUR);
        assertThat(Duration.between(changed, alarm.since()).abs()).isLessThan(Duration.ofSeconds(7));
        assertThat(Duration.between(changed, alarm.time())).isLessThan(Duration.ofSeconds(31));
    }

    @ParameterizedTest
    @ValueSource(longs = {19, 23})
    void whereAllIsSlowerTheMiddleIsNamed(long seed) {
        Regression alarm = alarm(DetectorTest::allX2, seed);
        assertThat(alarm.quantile()).isLessThanOrEqualTo(0.9);
        assertThat(alarm.ratio()).isBetween(1.8, 2.2);
    }

    @ParameterizedTest
    @ValueSource(longs = {29, 31})
    void aSlowModeOfOnePercentIsFoundInTheTail(long seed) {
        assertThat(alarm(DetectorTest::slowMode, seed).quantile()).isGreaterThanOrEqualTo(0.99);
    }

    @Test
    void anotherRateAloneIsNoChange() {
        Stream stream = quiet(37);
        for (int rate : new int[] {2_003, 101, 5, 0, 997}) {
            assertThat(stream.run(601, rate)).isEmpty();
        }
    }

    @Test
    void whatIsFasterIsNotFlaggedNorIsTheReturnToTheOldLevelSoonAfter() {
        Stream stream = quiet(41);
        stream.slower = _ -> 0.4;
        assertThat(stream.run(120, 499)).isEmpty();
        stream.slower = DetectorTest::asUsual;
        assertThat(stream.run(601, 499)).isEmpty();
    }

    /** Ten samples are needed beyond the median, and no baseline reaches back further than six hours. */
    @Test
    void aCallEveryHalfHourIsNeverEnoughToJudge() {
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
    void aBurstIsNoRegression(int seconds) {
        Stream stream = quiet(47);
        stream.slower = _ -> 50;
        stream.run(seconds, 499);
        stream.slower = DetectorTest::asUsual;
        stream.run(601, 499);
        assertThat(stream.said).isEmpty();
    }

    @Test
    void commitsThatWereAlwaysThereAreNoRegressionAndWorseOnesAre() {
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
                    Stream.commits(second) ? place -> place >= 0.5 && place < 0.6 ? times : 1 : DetectorTest::asUsual;
            stream.run(1, 499);
        }
    }

    @Test
    void theEndOfARegressionIsToldWithWhatIsNow() {
        Stream stream = quiet(59);
        stream.slower = DetectorTest::tailX5;
        stream.run(301, 499);
        stream.slower = DetectorTest::asUsual;
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
    void anAlarmIsHeldForThirtySeconds() {
        Stream stream = quiet(61);
        stream.slower = _ -> 5;
        while (stream.run(1, 499).isEmpty()) {
            assertThat(stream.now()).isBefore(Stream.START.plusSeconds(HALF_AN_HOUR + 61));
        }
        stream.slower = DetectorTest::asUsual;
        assertThat(stream.run(29, 499)).isEmpty();
        assertThat(stream.run(31, 499))
                .singleElement()
                .extracting(Regression::state)
                .isEqualTo(State.RECOVERED);
    }

    @Test
    void whatLastsHalfAnHourBecomesTheNewNormalAndWorseThanThatIsFlaggedAgain() {
        Stream stream = quiet(67);
        stream.slower = DetectorTest::allX2;
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
    void silenceDuringAnAlarmDoesNotMakeItTheNewNormal() {
        Stream stream = quiet(71);
        stream.slower = DetectorTest::tailX5;
        stream.run(61, 499);
        stream.run(2_003, 0);
        stream.slower = DetectorTest::asUsual;
        stream.run(301, 499);
        assertThat(stream.said).extracting(Regression::state).containsExactly(State.ALARM, State.RECOVERED);
    }

    @Test
    void intervalsInWhichEventsOfTheOperationWereLostAreNoEvidence() {
        Stream stream = quiet(73);
        stream.slower = DetectorTest::allX2;
        stream.lost = new Losses(1, 0, 0);
        assertThat(stream.run(301, 499)).isEmpty();
        stream.lost = new Losses(0, 7, 7);
        assertThat(stream.run(61, 499))
                .singleElement()
                .satisfies(alarm ->
                        assertThat(alarm.since()).isAfterOrEqualTo(Stream.START.plusSeconds(HALF_AN_HOUR + 295)));
    }

    @ParameterizedTest
    @CsvSource({"100, 499", "700, 499", "10000, 499"})
    void intervalsOfAnyLengthAreJudged(long millis, int callsPerSecond) {
        Stream stream = new Stream(79);
        stream.length = Duration.ofMillis(millis);
        assertThat(stream.run((int) (HALF_AN_HOUR * 1000L / millis), callsPerSecond))
                .isEmpty();
        Instant changed = stream.now();
        stream.slower = DetectorTest::allX2;
        stream.run((int) (60_000 / millis), callsPerSecond);
        assertThat(stream.said).singleElement().satisfies(alarm -> {
            assertThat(Duration.between(changed, alarm.time())).isLessThanOrEqualTo(Duration.ofSeconds(31));
            assertThat(Duration.between(changed, alarm.since()).abs()).isLessThanOrEqualTo(Duration.ofSeconds(10));
        });
    }

    @Property(tries = 30)
    void noSingleIntervalIsARegressionWhateverIsInIt(
            @ForAll @LongRange(min = 1, max = 600_000) long millis,
            @ForAll @IntRange(min = 1, max = 100_003) int calls,
            @ForAll @IntRange(min = 1, max = 1_009) int times) {
        Stream stream = new Stream(83);
        stream.run(601, 53);
        stream.slower = _ -> times;
        stream.length = Duration.ofMillis(millis);
        stream.next(List.of(Stream.series(stream.key, stream.latencies(calls))));
        stream.slower = DetectorTest::asUsual;
        stream.length = Duration.ofSeconds(1);
        stream.run(31, 53);
        assertThat(stream.said).isEmpty();
    }

    @Test
    void aYoungSeriesIsJudgedForLargeChangesOnly() {
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
    void nothingIsJudgedWhileItWarmsUp() {
        Stream stream = new Stream(97);
        stream.run(60, 499);
        stream.slower = _ -> 50;
        assertThat(stream.run(55, 499)).isEmpty();
        assertThat(stream.detector.state()).isEqualTo(Judge.State.LEARNING);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN})
    void aBudgetIsAboveZero(double budget) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DetectorSettings(budget, Duration.ofMinutes(2), false));
    }
}
