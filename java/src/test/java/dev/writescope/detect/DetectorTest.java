package dev.writescope.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Judge;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetectorTest {
    private static final Instant START = Instant.parse("2026-11-24T06:00:00Z");
    private static final long MS = 1_000_000;

    private final SplittableRandom random = new SplittableRandom(7);
    private final List<Regression> flags = new ArrayList<>();
    private Detector detector = new Detector(DetectorSettings.DEFAULT);
    private Duration tick = Duration.ofSeconds(1);
    private Instant now = START;
    private int perTick = 97;
    private Losses lost = Losses.NONE;

    private static SeriesKey key(String container, Kind kind, String mount) {
        return new SeriesKey(
                new Container(Container.Type.CONTAINER, container, "id", "docker", "", "", "", "", ""),
                7,
                kind,
                Stage.TOTAL,
                new Place("ext4", "7:0", mount, null));
    }

    /** Lognormal latencies around a millisecond, each passed through {@code change}. */
    private SeriesInterval series(SeriesKey key, int count, DoubleUnaryOperator change) {
        Histogram histogram = new Histogram(2);
        for (int i = 0; i < count; i++) {
            histogram.recordValue((long) (MS * change.applyAsDouble(Math.exp(0.4 * random.nextGaussian()))));
        }
        return new SeriesInterval(key, count, 0, 0, 1, histogram.getMaxValue(), 1, histogram);
    }

    private void judge(SeriesInterval... series) {
        flags.addAll(detector.judge(new Interval(now, tick, List.of(series), List.of(), lost)));
        now = now.plus(tick);
    }

    private void run(int ticks, DoubleUnaryOperator change) {
        for (int i = 0; i < ticks; i++) {
            if (perTick == 0) {
                judge();
            } else {
                judge(series(key("db", Kind.FSYNC, "/data"), perTick, change));
            }
        }
    }

    private static double same(double latency) {
        return latency;
    }

    private DoubleUnaryOperator someSlow(double share, double factor) {
        return latency -> random.nextDouble() < share ? latency * factor : latency;
    }

    private Regression onlyFlag() {
        assertThat(flags).hasSize(1);
        return flags.getFirst();
    }

    @Test
    void nothing_is_said_while_nothing_changes() {
        run(3_600, DetectorTest::same);
        assertThat(flags).isEmpty();
        assertThat(detector.state()).isEqualTo(Judge.State.WATCHING);
    }

    @Test
    void it_learns_before_it_judges() {
        run(119, DetectorTest::same);
        assertThat(detector.state()).isEqualTo(Judge.State.LEARNING);
        run(1, DetectorTest::same);
        assertThat(detector.state()).isEqualTo(Judge.State.WATCHING);
    }

    @Test
    void when_everything_takes_twice_as_long_the_flag_says_since_when_and_by_how_much() {
        run(1_200, DetectorTest::same);
        Instant changed = now;
        run(60, latency -> 2 * latency);
        Regression flag = onlyFlag();
        assertThat(flag.state()).isEqualTo(Regression.State.ALARM);
        assertThat(flag.container().name()).isEqualTo("db");
        assertThat(flag.ratio()).isBetween(1.8, 2.2);
        assertThat(flag.since()).isBetween(changed.minusSeconds(2), changed.plusSeconds(5));
        assertThat(flag.time()).isAfter(changed.plusSeconds(14)); // no burst of a few seconds could do it
    }

    @Test
    void when_one_call_in_fifty_is_slow_it_is_not_the_median_that_is_blamed() {
        run(1_200, DetectorTest::same);
        run(90, someSlow(0.02, 20));
        Regression flag = onlyFlag();
        assertThat(flag.quantile()).isIn(0.99, 0.999);
        assertThat(flag.currentNs()).isGreaterThan(5 * flag.baselineNs());
        assertThat(flag.baselineNs()).isBetween(2 * MS, 5 * MS);
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 997})
    void another_rate_is_no_change_of_latency(int another) {
        run(1_200, DetectorTest::same);
        perTick = another;
        run(600, DetectorTest::same);
        assertThat(flags).isEmpty();
    }

    @Test
    void a_container_that_pauses_is_not_flagged_when_it_goes_on() {
        run(1_200, DetectorTest::same);
        perTick = 0;
        run(600, DetectorTest::same);
        perTick = 97;
        run(600, DetectorTest::same);
        assertThat(flags).isEmpty();
    }

    @Test
    void a_burst_of_three_seconds_is_not_flagged() {
        run(1_200, DetectorTest::same);
        run(3, latency -> 30 * latency);
        run(300, DetectorTest::same);
        assertThat(flags).isEmpty();
    }

    @Test
    void commits_every_five_seconds_are_normal_where_they_have_always_been() {
        for (int i = 0; i < 3_000; i++) {
            run(1, i % 5 == 0 ? someSlow(0.3, 12) : DetectorTest::same);
        }
        assertThat(flags).isEmpty();
    }

    @Test
    void what_is_well_again_is_said_to_have_recovered_and_is_not_flagged_again() {
        run(1_200, DetectorTest::same);
        run(120, latency -> 3 * latency);
        Instant well = now;
        run(1_200, DetectorTest::same);
        assertThat(flags)
                .extracting(Regression::state)
                .containsExactly(Regression.State.ALARM, Regression.State.RECOVERED);
        assertThat(flags.getLast().time()).isBetween(well, well.plusSeconds(60));
        assertThat(flags.getLast().currentNs()).isLessThan(flags.getFirst().currentNs() / 2);
    }

    @Test
    void a_change_that_stays_is_accepted_after_half_an_hour_and_then_is_the_new_normal() {
        run(1_200, DetectorTest::same);
        run(3_000, latency -> 3 * latency);
        assertThat(flags)
                .extracting(Regression::state)
                .containsExactly(Regression.State.ALARM, Regression.State.ACCEPTED);
        assertThat(Duration.between(flags.getFirst().time(), flags.getLast().time()))
                .isEqualTo(Duration.ofMinutes(30));
        flags.clear();
        run(60, latency -> 9 * latency);
        assertThat(onlyFlag().baselineNs()).isGreaterThan(5 * MS / 2);
    }

    @Test
    void an_improvement_is_not_flagged() {
        run(1_200, DetectorTest::same);
        run(600, latency -> latency / 4);
        assertThat(flags).isEmpty();
    }

    @Test
    void intervals_in_which_events_were_lost_say_nothing() {
        run(1_200, DetectorTest::same);
        lost = new Losses(11, 0, 0);
        run(300, latency -> 10 * latency);
        assertThat(flags).isEmpty();
        lost = new Losses(0, 11, 0); // of another operation
        run(60, latency -> 10 * latency);
        assertThat(flags).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 10_000})
    void intervals_may_be_shorter_or_longer_than_a_second(int milliseconds) {
        tick = Duration.ofMillis(milliseconds);
        perTick = 97 * milliseconds / 1_000 + 1;
        run(1_200_000 / milliseconds, DetectorTest::same);
        assertThat(flags).isEmpty();
        Instant changed = now;
        run(120_000 / milliseconds, latency -> 3 * latency);
        assertThat(onlyFlag().time()).isBetween(changed.plusSeconds(14), changed.plusSeconds(60));
    }

    @Test
    void the_same_intervals_give_the_same_flags() {
        run(1_200, DetectorTest::same);
        List<Interval> recorded = new ArrayList<>();
        detector = new Detector(DetectorSettings.DEFAULT);
        for (int i = 0; i < 1_500; i++) {
            DoubleUnaryOperator change = i < 1_300 ? DetectorTest::same : latency -> 1.8 * latency;
            recorded.add(new Interval(
                    START.plusSeconds(i),
                    tick,
                    List.of(
                            series(key("db", Kind.FSYNC, "/"), 97, change),
                            series(key("db", Kind.SYNC, "/"), 1, change)),
                    List.of(),
                    Losses.NONE));
        }
        Detector live = new Detector(DetectorSettings.DEFAULT);
        Detector again = new Detector(DetectorSettings.DEFAULT);
        List<Regression> first =
                recorded.stream().flatMap(each -> live.judge(each).stream()).toList();
        List<Regression> second =
                recorded.stream().flatMap(each -> again.judge(each).stream()).toList();
        assertThat(first).isNotEmpty().isEqualTo(second);
    }

    @Test
    void a_container_is_judged_over_all_mounts_or_for_each() {
        for (boolean perMount : new boolean[] {false, true}) {
            detector = new Detector(new DetectorSettings(1, Duration.ofMinutes(2), perMount));
            flags.clear();
            for (int i = 0; i < 1_300; i++) {
                DoubleUnaryOperator change = i < 1_200 ? DetectorTest::same : latency -> 3 * latency;
                judge(
                        series(key("db", Kind.FSYNC, "/a"), 31, change),
                        series(key("db", Kind.FSYNC, "/b"), 31, DetectorTest::same));
            }
            assertThat(onlyFlag().mount()).isEqualTo(perMount ? "/a" : null);
        }
    }

    @Test
    void more_reads_among_the_writes_of_a_disk_are_no_change_of_either() {
        for (int i = 0; i < 1_800; i++) {
            int reads = i < 1_200 ? 5 : 97;
            judge(
                    series(key("db", Kind.BLOCK_READ, ""), reads, latency -> 20 * latency),
                    series(key("db", Kind.BLOCK_WRITE, ""), 97, DetectorTest::same));
        }
        assertThat(flags).isEmpty();
    }

    @Test
    void requests_without_an_owner_are_not_judged() {
        SeriesKey nobody =
                new SeriesKey(Container.UNATTRIBUTED, 0, Kind.BLOCK_WRITE, Stage.TOTAL, new Place("", "7:0", "", null));
        for (int i = 0; i < 1_300; i++) {
            DoubleUnaryOperator change = i < 1_200 ? DetectorTest::same : latency -> 5 * latency;
            judge(series(nobody, 97, change));
        }
        assertThat(flags).isEmpty();
        assertThat(detector.state()).isEqualTo(Judge.State.LEARNING);
    }

    @Test
    void containers_that_are_gone_are_forgotten() {
        for (int i = 0; i < 500; i++) {
            judge(series(key("job-" + i, Kind.FSYNC, "/"), 11, DetectorTest::same));
        }
        assertThat(detector.historyBytes()).isPositive();
        run(3_700, DetectorTest::same);
        long one = detector.historyBytes();
        perTick = 0;
        run(3_700, DetectorTest::same);
        assertThat(one).isLessThan(2 << 20);
        assertThat(detector.historyBytes()).isZero();
    }
}
