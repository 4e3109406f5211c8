package dev.writescope.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.probe.Coverage;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private static Comparison compare(Scene before, Scene after) {
        return new Comparer(ComparisonRules.DEFAULT).compare(before.run(61, 3), after.run(61, 5));
    }

    private static Scene fsyncsAndWrites(Scene scene, double fsyncNs, double writeNs) {
        return scene.fsyncs("db", fsyncNs)
                .with(Scene.container("db"), Kind.BUFFERED, Scene.volume("/data", ""), 199, writeNs);
    }

    private static void assertRefused(Comparison comparison, String reason) {
        assertThat(comparison.refusals())
                .singleElement()
                .asString()
                .contains(reason)
                .hasLineCount(1);
        assertThat(comparison.verdict()).isEqualTo(Verdict.NOT_ENOUGH_DATA);
        assertThat(comparison.subjects()).allSatisfy(subject -> {
            assertThat(subject.verdict()).isEqualTo(Verdict.NOT_ENOUGH_DATA);
            assertThat(subject.quantiles())
                    .allSatisfy(each -> assertThat(each.reason())
                            .isEqualTo(comparison.refusals().getFirst()));
        });
    }

    @Test
    void recordings_in_the_wrong_order_are_to_be_swapped() {
        Comparison comparison =
                compare(Scene.after().fsyncs("db", 1e6), Scene.before().fsyncs("db", 3e6));
        assertRefused(
                comparison,
                "after.hlog (2026-11-24T09:00:00Z) was recorded after before.hlog (2026-11-24T06:00:00Z): swap them");
    }

    @Test
    void recordings_that_overlap_on_one_host_are_refused() {
        Scene after = Scene.after().fsyncs("db", 3e6);
        after.start = Scene.SIX.plus(Duration.ofSeconds(59));
        assertRefused(compare(Scene.before().fsyncs("db", 1e6), after), "overlap in time on node-7");
    }

    @Test
    void recordings_of_two_hosts_may_overlap() {
        Scene after = Scene.after().fsyncs("db", 3e6);
        after.start = Scene.SIX;
        after.host = "node-11";
        Comparison comparison = compare(Scene.before().fsyncs("db", 1e6), after);
        assertThat(comparison.verdict()).isEqualTo(Verdict.REGRESSED);
        assertThat(comparison.changes()).contains(new OtherChange("host", "node-7", "node-11"));
    }

    @Test
    void a_recording_is_not_compared_with_itself() {
        Recorded recorded = Scene.before().fsyncs("db", 1e6).run(61, 3);
        assertRefused(new Comparer(ComparisonRules.DEFAULT).compare(recorded, recorded), "are the same recording");
    }

    @Test
    void a_short_recording_is_refused() {
        assertRefused(
                new Comparer(ComparisonRules.DEFAULT)
                        .compare(
                                Scene.before().fsyncs("db", 1e6).run(61, 3),
                                Scene.after().fsyncs("db", 3e6).run(29, 5)),
                "after.hlog is too short: 29 s in 29 intervals");
    }

    @Test
    void a_recording_of_few_long_intervals_is_refused() {
        Scene after = Scene.after().fsyncs("db", 3e6);
        after.interval = Duration.ofSeconds(10);
        assertRefused(
                new Comparer(ComparisonRules.DEFAULT)
                        .compare(Scene.before().fsyncs("db", 1e6).run(61, 3), after.run(7, 5)),
                "in 7 intervals");
    }

    @Test
    void recordings_without_a_common_container_say_what_they_have() {
        Comparison comparison =
                compare(Scene.before().fsyncs("db", 1e6), Scene.after().fsyncs("web", 1e6));
        assertRefused(comparison, "no container is in both recordings: before.hlog has db; after.hlog has web");
    }

    @Test
    void a_recording_without_operations_is_refused() {
        assertRefused(compare(Scene.before(), Scene.after().fsyncs("web", 1e6)), "before.hlog has no operations");
    }

    @Test
    void a_lost_event_takes_the_verdict_from_its_operation_only() {
        Scene before = fsyncsAndWrites(Scene.before(), 1e6, 1e4);
        before.lost = new Losses(1, 0, 0);
        Comparison comparison = compare(before, fsyncsAndWrites(Scene.after(), 3e6, 3e4));
        assertThat(comparison.refusals()).singleElement().asString().contains("1 fsync event was lost in before.hlog");
        assertThat(comparison.verdict()).isEqualTo(Verdict.REGRESSED);
        assertThat(comparison.subjects())
                .extracting(each -> each.subject().operation() + " " + each.verdict())
                .containsExactly("WRITE REGRESSED", "FSYNC NOT_ENOUGH_DATA");
    }

    @Test
    void without_a_regression_nobody_vouches_for_an_operation_that_was_refused() {
        Scene before = fsyncsAndWrites(Scene.before(), 1e6, 1e4);
        before.lost = new Losses(0, 0, 7);
        Comparison comparison = compare(before, fsyncsAndWrites(Scene.after(), 1e6, 1e4));
        assertThat(comparison.subjects()).allMatch(each -> each.verdict() == Verdict.NO_CHANGE);
        assertThat(comparison.verdict()).isEqualTo(Verdict.NOT_ENOUGH_DATA);
    }

    @Test
    void hooks_that_miss_different_things_cannot_be_compared() {
        Scene after = Scene.after().fsyncs("db", 3e6);
        after.coverage = List.of(new Coverage(Operation.FSYNC, "tracepoint", List.of("io_uring", "msync")));
        assertRefused(
                compare(Scene.before().fsyncs("db", 1e6), after),
                "not the same fsync is seen: before.hlog misses io_uring, after.hlog misses io_uring and msync");
    }

    @Test
    void other_hooks_that_miss_the_same_are_only_told() {
        Scene after = Scene.after().fsyncs("db", 3e6);
        after.coverage = List.of(
                new Coverage(Operation.FSYNC, "raw_tp", List.of("io_uring")),
                new Coverage(Operation.WRITE, "fentry", List.of()));
        Comparison comparison = compare(Scene.before().fsyncs("db", 1e6), after);
        assertThat(comparison.verdict()).isEqualTo(Verdict.REGRESSED);
        assertThat(comparison.changes()).containsExactly(new OtherChange("hooks of fsync", "tp_btf", "raw_tp"));
    }
}
