package dev.writescope.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.latency.Interval;
import dev.writescope.latency.Place;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class RulingTest {
    private static final GateRules RULES = new GateRules(0.10, List.of(0.99), 5, 1);
    private static final int MANY = 503;

    /** Operations that all take the same time. */
    private record Operations(Kind kind, int count, long ns) {
        SeriesInterval series() {
            Histogram histogram = new Histogram(3);
            histogram.recordValueWithCount(ns, count);
            Place place = new Place("ext4", "7:0", "/data", null);
            SeriesKey key = new SeriesKey(Repetition.COMMAND, 0, kind, Stage.TOTAL, place);
            return new SeriesInterval(key, count, 0, 0, ns, ns, count * ns, histogram);
        }
    }

    private static Repetition repetition(Operations... operations) {
        Repetition repetition = new Repetition(_ -> Repetition.COMMAND);
        repetition.interval(new Interval(
                Instant.parse("2026-11-24T06:00:00Z"),
                Duration.ofMillis(100),
                Arrays.stream(operations).map(Operations::series).toList(),
                List.of(),
                Losses.NONE));
        return repetition;
    }

    /** One repetition for each latency of fsync in microseconds; 0: without one. */
    private static ArmLatencies fsyncs(long... us) {
        List<Repetition> all = new ArrayList<>();
        for (long each : us) {
            all.add(each == 0 ? repetition() : repetition(new Operations(Kind.FSYNC, MANY, 1000 * each)));
        }
        return ArmLatencies.of(all);
    }

    private static GateResult rule(ArmLatencies baseline, ArmLatencies candidate) {
        return Ruling.of(baseline, candidate, true, RULES);
    }

    @Test
    void worse_by_more_than_is_tolerated_is_red_and_says_by_how_much() {
        GateResult result = rule(fsyncs(100, 101, 102, 103, 104), fsyncs(138, 139, 141, 142, 144));
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.RED);
        assertThat(result.headline()).startsWith("red: fsync P99 +38 % (at least +38 %)");
    }

    @Test
    void what_may_be_within_the_tolerated_change_is_green() {
        GateResult result = rule(fsyncs(100, 101, 102, 103, 104), fsyncs(107, 135, 101, 149, 109));
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.GREEN);
        assertThat(result.headline()).contains("fsync P99 +", "at most +");
    }

    @Test
    void what_slowly_changes_on_the_machine_cancels_out_between_commands_that_take_turns() {
        ArmLatencies baseline = fsyncs(100, 200, 400, 800, 1600);
        ArmLatencies candidate = fsyncs(130, 263, 525, 1049, 2110);
        assertThat(Ruling.of(baseline, candidate, true, RULES).outcome()).isEqualTo(GateResult.Outcome.RED);
        assertThat(Ruling.of(baseline, candidate, false, RULES).outcome()).isEqualTo(GateResult.Outcome.NO_VERDICT);
    }

    @Test
    void repetitions_without_an_operation_do_not_shift_the_pairs() {
        ArmLatencies baseline = fsyncs(100, 0, 400, 800, 1600, 3200, 6400);
        ArmLatencies candidate = fsyncs(130, 263, 525, 1049, 2110, 0, 8321);
        assertThat(Ruling.of(baseline, candidate, true, RULES).outcome()).isEqualTo(GateResult.Outcome.RED);
    }

    @Test
    void one_repetition_that_met_a_stall_does_not_decide() {
        GateResult result =
                rule(fsyncs(100, 101, 102, 103, 104, 101, 102, 103), fsyncs(101, 102, 102, 104, 97_000, 101, 103, 103));
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.GREEN);
        assertThat(result.judgements())
                .anySatisfy(each -> assertThat(each.change().high()).isBetween(1.0, 1.1));
    }

    @Test
    void noise_that_can_hide_a_doubling_is_no_verdict() {
        GateResult result = rule(fsyncs(100, 900, 100, 900, 100), fsyncs(900, 100, 100, 100, 900));
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.NO_VERDICT);
        assertThat(result.sentence()).startsWith("too noisy").contains("--repeat");
    }

    @Test
    void an_operation_that_is_hardly_made_is_left_out_and_named() {
        List<Repetition> some = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            some.add(repetition(new Operations(Kind.FSYNC, MANY, 101_000), new Operations(Kind.BUFFERED, 7, 1_009)));
        }
        GateResult result = rule(ArmLatencies.of(some), ArmLatencies.of(some));
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.GREEN);
        assertThat(result.notes())
                .containsExactly(
                        "write P99 is not judged: 7 operations in a repetition of the baseline, about 400 are needed");
    }

    @Test
    void where_nothing_can_be_judged_there_is_no_verdict() {
        ArmLatencies little = ArmLatencies.of(List.of(repetition(new Operations(Kind.FSYNC, 13, 101_000))));
        GateResult result = rule(little, little);
        assertThat(result.outcome()).isEqualTo(GateResult.Outcome.NO_VERDICT);
        assertThat(result.sentence()).startsWith("fsync P99 is not judged: ");
    }

    @Test
    void an_operation_that_only_one_side_makes_is_named() {
        ArmLatencies writes = ArmLatencies.of(List.of(repetition(new Operations(Kind.BUFFERED, MANY, 1_009))));
        assertThat(rule(fsyncs(101, 101, 101), writes).notes())
                .containsExactly(
                        "fsync is not judged: the candidate has none", "write is not judged: the baseline has none");
    }

    @Test
    void kinds_of_an_operation_are_taken_together() {
        Repetition both =
                repetition(new Operations(Kind.FSYNC, MANY, 101_000), new Operations(Kind.FDATASYNC, MANY, 101_000));
        assertThat(ArmLatencies.of(List.of(both)).subjects()).hasSize(1);
    }
}
