package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.latency.Regression;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveModelTest {
    private static final Container DB = Sample.container("db");
    private final LiveModel model = new LiveModel(Sample.start());

    @Test
    void a_row_keeps_the_p99_of_the_last_sixty_intervals() {
        for (int second = 0; second < 150; second++) {
            fsync(second, second + 1);
        }

        float[] history = row().history(model.tick(), 60);
        assertThat(history[59]).isEqualTo(150);
        assertThat(history[0]).isEqualTo(91);
    }

    @Test
    void intervals_without_operations_are_gaps() {
        fsync(0, 11);
        fsync(1, 13);
        nothing(2);
        fsync(3, 17);
        nothing(4);

        float[] history = row().history(model.tick(), 60);
        assertThat(history).endsWith(11, 13, 0, 17, 0);
    }

    @Test
    void a_gap_longer_than_the_history_leaves_nothing_of_before() {
        for (int second = 0; second < 60; second++) {
            fsync(second, 11);
        }
        for (int second = 60; second < 160; second++) {
            nothing(second);
        }
        assertThat(row().history(model.tick(), 60)).containsOnly(0);

        fsync(160, 13);
        assertThat(row().history(model.tick(), 60)).containsOnlyOnce(13).doesNotContain(11);
    }

    @Test
    void slices_of_the_history_keep_their_worst_value_and_their_place() {
        for (int second = 0; second < 60; second++) {
            fsync(second, second == 31 ? 1009 : 11);
        }
        float[] before = row().history(model.tick(), 12);
        fsync(60, 11);
        float[] after = row().history(model.tick(), 12);

        assertThat(before[6]).isEqualTo(1009);
        assertThat(after[5]).isEqualTo(1009);
    }

    @Test
    void a_row_unseen_for_five_minutes_is_forgotten() {
        fsync(0, 11);
        for (int second = 1; second <= 300; second++) {
            nothing(second);
        }
        assertThat(model.summary().all()).hasSize(1);
        assertThat(model.detail(DB)).hasSize(1);

        nothing(301);

        assertThat(model.summary().all()).isEmpty();
        assertThat(model.detail(DB)).isEmpty();
    }

    @Test
    void a_row_that_keeps_coming_outlives_an_older_one_that_does_not() {
        for (int second = 0; second <= 301; second++) {
            var steady = Sample.series(DB, Kind.FSYNC, Sample.DATA, 11);
            model.interval(
                    second == 0
                            ? Sample.interval(
                                    0, steady, Sample.series(Sample.container("once"), Kind.FSYNC, Sample.DATA, 13))
                            : Sample.interval(second, steady),
                    AgentUsage.NONE);
        }

        assertThat(model.summary().all())
                .extracting(row -> row.key().container())
                .containsExactly(DB);
    }

    @Test
    void the_trend_compares_with_the_median_of_the_last_minute() {
        for (int second = 0; second < 20; second++) {
            fsync(second, 1000);
        }
        assertThat(row().trend(model.tick())).isEqualTo(1);

        fsync(20, 5000);

        assertThat(row().trend(model.tick())).isEqualTo(5);
    }

    @Test
    void a_young_row_has_no_trend() {
        fsync(0, 1000);
        fsync(1, 9000);

        assertThat(row().trend(model.tick())).isEqualTo(1);
    }

    @Test
    void losses_and_operations_without_an_owner_add_up() {
        List<SeriesInterval> series = new ArrayList<>();
        series.addAll(Sample.request(Container.UNATTRIBUTED, 19, 23));
        series.addAll(Sample.request(DB, 19, 23));
        series.add(Sample.series(DB, Kind.FSYNC, Sample.DATA, 29));
        model.interval(Sample.interval(0, series, List.of(), new Losses(0, 2, 0)), AgentUsage.NONE);
        model.interval(Sample.interval(1, series, List.of(), new Losses(3, 5, 0)), AgentUsage.NONE);

        assertThat(model.operations()).as("stages are not operations").isEqualTo(6);
        assertThat(model.operationsPerSecond()).isEqualTo(3);
        assertThat(model.unattributed()).isEqualTo(2);
        assertThat(model.lost()).isEqualTo(new Losses(3, 7, 0));
    }

    @Test
    void the_cost_is_that_of_the_latest_interval() {
        model.interval(Sample.interval(0), new AgentUsage(Duration.ofMillis(300), 7));
        model.interval(Sample.interval(1), new AgentUsage(Duration.ofMillis(320), 61));

        assertThat(model.cpuShare()).isEqualTo(0.02);
        assertThat(model.rssBytes()).isEqualTo(61);
        assertThat(model.elapsed()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void notices_are_bounded_and_newest_first() {
        for (int at = 0; at < 1000; at++) {
            model.notice(new Notice(Sample.NOON, at % 2 == 0 ? DB : Container.UNATTRIBUTED, false, "n" + at));
        }

        assertThat(model.notices(null, 2000)).hasSizeLessThan(300);
        assertThat(model.notices(null, 2)).extracting(Notice::text).containsExactly("n999", "n998");
        assertThat(model.notices(DB, 2)).extracting(Notice::text).containsExactly("n998", "n996");
    }

    @Test
    void an_alarm_holds_until_it_recovers_or_is_accepted() {
        Container other = Sample.container("other");
        List<SeriesInterval> series = List.of(
                Sample.series(DB, Kind.FSYNC, Sample.DATA, 11), Sample.series(other, Kind.FSYNC, Sample.DATA, 13));
        model.interval(Sample.flagged(0, series, alarm(DB), alarm(other)), AgentUsage.NONE);
        model.interval(Sample.flagged(1, series), AgentUsage.NONE);
        assertThat(model.alarms().count()).isEqualTo(2);

        LiveModel frozen = model.freeze();
        Regression well = Sample.regression(Sample.NOON, DB, Regression.State.RECOVERED);
        model.interval(Sample.flagged(2, series, well, well), AgentUsage.NONE);
        assertThat(model.summary().all().stream().filter(row -> model.alarms().on(row.key())))
                .extracting(row -> row.key().container())
                .containsExactly(other);

        Regression normal = Sample.regression(Sample.NOON, other, Regression.State.ACCEPTED);
        model.interval(Sample.flagged(3, series, normal), AgentUsage.NONE);
        assertThat(model.alarms().count()).isZero();
        assertThat(frozen.alarms().count()).isEqualTo(2);
        assertThat(model.notices(other, 7)).extracting(Notice::alarm).containsExactlyInAnyOrder(true, false);
    }

    @Test
    void an_alarm_of_one_mount_and_kind_is_on_its_rows_and_those_it_is_merged_into() {
        Regression alarm = new Regression(
                Sample.NOON,
                DB,
                Operation.FSYNC,
                Kind.FDATASYNC,
                "/data",
                0.99,
                1,
                2,
                Sample.NOON,
                Regression.State.ALARM);
        List<SeriesInterval> series = List.of(
                Sample.series(DB, Kind.FDATASYNC, Sample.DATA, 11),
                Sample.series(DB, Kind.FDATASYNC, Sample.ROOT, 11),
                Sample.series(DB, Kind.FSYNC, Sample.DATA, 11),
                Sample.series(DB, Kind.BUFFERED, Sample.DATA, 11));
        model.interval(Sample.flagged(0, series, alarm), AgentUsage.NONE);

        assertThat(model.detail(DB).stream().filter(row -> model.alarms().on(row.key())))
                .singleElement()
                .satisfies(row -> assertThat(row.key().place().mount()).isEqualTo("/data"));
        assertThat(model.summary().all().stream().filter(row -> model.alarms().on(row.key())))
                .extracting(row -> row.key().operation())
                .containsExactly(Operation.FSYNC);
    }

    @Test
    void an_alarm_of_a_row_that_is_forgotten_does_not_hold() {
        model.interval(
                Sample.flagged(0, List.of(Sample.series(DB, Kind.FSYNC, Sample.DATA, 11)), alarm(DB)), AgentUsage.NONE);
        for (int second = 1; second <= 300; second++) {
            nothing(second);
        }
        assertThat(model.alarms().count()).isEqualTo(1);

        nothing(301);

        assertThat(model.alarms().count()).isZero();
    }

    @Test
    void alarms_are_bounded_and_slow_operations_do_not_crowd_flags_out() {
        for (int second = 0; second < 3; second++) {
            List<SeriesInterval> series = new ArrayList<>();
            List<Regression> flags = new ArrayList<>();
            for (int at = 0; at < 701; at++) {
                Container owner = Sample.container("c" + second + "." + at);
                series.add(Sample.series(owner, Kind.FSYNC, Sample.DATA, 11));
                flags.add(alarm(owner));
            }
            model.interval(Sample.flagged(second, series, flags.toArray(Regression[]::new)), AgentUsage.NONE);
        }
        for (int at = 0; at < 503; at++) {
            model.notice(Notice.of(Sample.slow(DB, "postgres", "/wal")));
        }

        assertThat(model.alarms().count()).isEqualTo(1000);
        assertThat(model.notices(null, 5))
                .extracting(Notice::alarm)
                .containsExactlyInAnyOrder(true, true, true, false, false);
    }

    private static Regression alarm(Container container) {
        return Sample.regression(Sample.NOON, container, Regression.State.ALARM);
    }

    @Test
    void a_frozen_picture_does_not_change() {
        fsync(0, 11);
        LiveModel frozen = model.freeze();
        fsync(1, 13);

        assertThat(frozen.summary().all()).singleElement().satisfies(row -> {
            assertThat(row.row().maxNs()).isEqualTo(11);
            assertThat(row.history(frozen.tick(), 60)).doesNotContain(13);
        });
        assertThat(row().row().maxNs()).isEqualTo(13);
    }

    private LiveRow row() {
        return model.summary().all().iterator().next();
    }

    private void fsync(int second, long latency) {
        model.interval(Sample.interval(second, Sample.series(DB, Kind.FSYNC, Sample.DATA, latency)), AgentUsage.NONE);
    }

    private void nothing(int second) {
        model.interval(Sample.interval(second), AgentUsage.NONE);
    }
}
