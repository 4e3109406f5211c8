package dev.writescope.explain;

import static dev.writescope.explain.Situation.DATA;
import static dev.writescope.explain.Situation.DB;
import static dev.writescope.explain.Situation.ETL;
import static dev.writescope.explain.Situation.LAYER;
import static dev.writescope.explain.Situation.MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.writescope.container.Container;
import dev.writescope.latency.Share;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ExplainerTest {
    private static Explanations all(Situation situation) {
        return Explainer.explain(situation.observed(), null);
    }

    @Test
    void the_worst_comes_first_and_five_are_told() {
        Situation many = Situation.calm();
        for (int number = 1; number <= 7; number++) {
            many.operations(
                    Situation.pod("shop", "pod-" + number, "c" + number),
                    Kind.FSYNC,
                    DATA,
                    97,
                    MS * 100 * number,
                    Map.of(Stage.THROTTLED, 0.9));
        }
        Explanations told = all(many);
        assertThat(told.notes())
                .extracting(note -> note.container().name())
                .containsExactly("c7", "c6", "c5", "c4", "c3");
        assertThat(told.more()).isEqualTo(2);
    }

    @Test
    void copies_are_the_cause_and_not_in_the_percentiles_of_writes() {
        Situation copied = Situation.calm()
                .operations(DB, Kind.BUFFERED, LAYER, 997, 11_000, Map.of(Stage.RUNNING, 1.0))
                .operations(DB, Kind.COPY_UP, LAYER, 43, 700 * MS, Map.of(Stage.COPY_UP, 0.96, Stage.RUNNING, 0.02));
        Explanation note = copied.note();
        assertThat(note.operation()).isEqualTo(Operation.WRITE);
        assertThat(note.total().count()).isEqualTo(997);
        assertThat(note.total().maxNs()).isLessThan(MS);
        assertThat(note.parts()).extracting(Explanation.Part::stage).containsExactly(Stage.RUNNING);
        assertThat(note.causes()).singleElement().satisfies(cause -> {
            assertThat(cause.name()).isEqualTo(Cause.Name.COPY_UP);
            assertThat(cause.share()).isGreaterThan(0.99);
        });
    }

    @Test
    void a_regression_comes_before_longer_waits() {
        Situation two = Situation.calm()
                .syncs(97, 30 * MS, Map.of(Stage.THROTTLED, 0.9))
                .operations(ETL, Kind.FSYNC, DATA, 97, 230 * MS, Map.of(Stage.THROTTLED, 0.9))
                .regressed(Operation.FSYNC, 2 * MS, 30 * MS);
        assertThat(all(two).notes()).extracting(Explanation::container).containsExactly(DB, ETL);
        assertThat(all(two).notes().getFirst().headline())
                .startsWith("shop/db-0/db: P99 of fsync rose from 2 ms to 30 ms. Its own writes are held back");
    }

    @Test
    void who_is_healthy_is_not_told_beside_who_is_not() {
        Situation two = Situation.calm()
                .syncs(97, 97 * MS, Map.of(Stage.THROTTLED, 0.9))
                .operations(ETL, Kind.FSYNC, DATA, 97, MS, Map.of());
        assertThat(all(two).notes()).extracting(Explanation::container).containsExactly(DB);
    }

    @Test
    void where_all_are_healthy_one_stands_for_them() {
        Situation two =
                Situation.calm().syncs(97, 2 * MS, Map.of()).operations(ETL, Kind.FSYNC, DATA, 97, MS, Map.of());
        assertThat(all(two).notes()).extracting(Explanation::verdict).containsExactly(Explanation.Verdict.USUAL);
    }

    @Test
    void the_host_is_explained_where_there_is_no_container() {
        Container cron = Container.host("cron.service");
        Situation host = Situation.calm().operations(cron, Kind.FSYNC, DATA, 97, 97 * MS, Map.of(Stage.LOCK, 0.9));
        assertThat(all(host).notes()).extracting(Explanation::container).containsExactly(cron);
        host.syncs(97, MS, Map.of());
        assertThat(all(host).notes()).extracting(Explanation::container).containsExactly(DB);
    }

    @Test
    void the_sync_part_of_synchronous_writes_counts_once() {
        Situation synchronous = Situation.calm()
                .operations(DB, Kind.OSYNC, DATA, 97, 97 * MS, Map.of(Stage.LOCK, 0.9))
                .operations(DB, Kind.SYNCHRONOUS, DATA, 97, 98 * MS, Map.of(Stage.LOCK, 0.9));
        assertThat(all(synchronous).notes()).extracting(Explanation::operation).containsExactly(Operation.FSYNC);
    }

    @Test
    void nothing_written_is_nothing_to_explain() {
        assertThat(all(Situation.calm()).notes()).isEmpty();
        assertThat(all(Situation.calm()).isTooLittle()).isTrue();
    }

    @Test
    void what_was_lost_makes_causes_less_sure_and_keeps_their_order() {
        Situation held = Situation.calm().syncs(97, 97 * MS, Map.of(Stage.THROTTLED, 0.6, Stage.LOCK, 0.3));
        List<Cause> whole = held.causes();
        List<Cause> partly = held.lost(new Losses(0, 0, 0, 7)).causes();
        assertThat(partly).extracting(Cause::name).isEqualTo(held.names()).hasSize(2);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(partly.get(i).confidence())
                    .isEqualTo(whole.get(i).confidence().lower());
            assertThat(partly.get(i).doubts()).last().isEqualTo("7 operations were not taken apart");
        }
        assertThat(all(held.lost(new Losses(0, 0, 0, 0, 7))).notes().getFirst().unseen())
                .contains("which process did what to which file, for 7 operations or files that found no room");
        assertThat(held.lost(new Losses(1, 0, 0)).causes())
                .allSatisfy(cause ->
                        assertThat(cause.doubts()).last().isEqualTo("1 event was lost, perhaps those that matter"));
    }

    @Test
    void what_the_parts_leave_is_a_residual_from_half_a_percent_on() {
        Explanation note = Situation.calm()
                .syncs(97, 97 * MS, Map.of(Stage.DEVICE, 0.9, Stage.RUNNING, 0.03))
                .note();
        Explanation.Residual residual = Objects.requireNonNull(note.residual());
        long parts =
                note.parts().stream().mapToLong(part -> part.series().sumNs()).sum();
        assertThat(residual.sumNs()).isEqualTo(note.total().sumNs() - parts);
        assertThat(residual.share()).isCloseTo(0.07, within(1e-6));
        assertThat(Situation.calm()
                        .syncs(97, 97 * MS, Map.of(Stage.DEVICE, 0.9, Stage.RUNNING, 0.096))
                        .note()
                        .residual())
                .isNull();
    }

    @Test
    void what_overlay_adds_is_no_part() {
        Map<Stage, Double> parts = Map.of(Stage.DEVICE, 0.9, Stage.RUNNING, 0.1);
        Map<Stage, Double> more = new HashMap<>(parts);
        more.put(Stage.OVERLAY, 0.3);
        Explanation plain = Situation.calm().syncs(97, 97 * MS, parts).note();
        Explanation layered = Situation.calm().syncs(97, 97 * MS, more).note();
        assertThat(plain.overlay()).isNull();
        assertThat(Objects.requireNonNull(layered.overlay()).share()).isCloseTo(0.3, within(1e-6));
        assertThat(layered.parts())
                .extracting(Explanation.Part::stage, Explanation.Part::share)
                .isEqualTo(plain.parts().stream()
                        .map(part -> tuple(part.stage(), part.share()))
                        .toList());
        assertThat(layered.residual()).isNull();
        assertThat(layered.unexplained()).isEqualTo(plain.unexplained());
    }

    @Property(tries = 200)
    void shares_never_add_to_more_than_all(
            @ForAll @Size(8) List<@DoubleRange(min = 0, max = 1.3) Double> shares,
            @ForAll @IntRange(min = 1, max = 9_973) int count,
            @ForAll @LongRange(min = 1, max = 3_000 * MS) long ns,
            @ForAll @LongRange(min = 0, max = 300_000 * MS) long others,
            @ForAll @LongRange(min = 0, max = 300_000 * MS) long own) {
        Map<Stage, Double> parts = new HashMap<>();
        Stage[] stages = {
            Stage.RUNNING,
            Stage.THROTTLED,
            Stage.QUEUE,
            Stage.DEVICE,
            Stage.COMMIT_DATA,
            Stage.FLUSH,
            Stage.LOCK,
            Stage.OTHER
        };
        for (int i = 0; i < stages.length; i++) {
            parts.put(stages[i], shares.get(i));
        }
        Explanation note = Situation.calm()
                .load(0.9, 7, 23)
                .syncs(count, ns, parts)
                .held(Operation.FSYNC, Share.Resource.DEVICE, ETL, others)
                .held(Operation.FSYNC, Share.Resource.DEVICE, DB, own)
                .held(Operation.FSYNC, Share.Resource.COMMIT, Container.UNATTRIBUTED, others)
                .activity(ETL, "dd", "/data/big", Kind.BUFFERED, DATA, 1_000, 1_000_000_007)
                .note();
        assertThat(note.parts().stream().mapToDouble(Explanation.Part::share).sum())
                .isBetween(0.0, 1 + 1e-9);
        double sum = note.parts().stream()
                .filter(part -> part.stage() != Stage.OTHER)
                .mapToDouble(Explanation.Part::share)
                .sum();
        assertThat(sum + note.unexplained()).isBetween(1 - 1e-9, 1 + 1e-9);
        assertThat(note.holders().stream()
                        .mapToDouble(Explanation.Holder::share)
                        .sum())
                .isBetween(0.0, 1 + 1e-9);
        assertThat(note.causes().stream()
                        .filter(Cause::takesTime)
                        .mapToDouble(Cause::share)
                        .sum())
                .isBetween(0.0, 1 + 1e-9);
        assertThat(note.causes()).isSortedAccordingTo((a, b) -> Double.compare(b.rank(), a.rank()));
    }
}
