package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveControlsTest {
    private final LiveModel model = new LiveModel(Sample.start());
    private final LiveControls controls = new LiveControls();

    @BeforeEach
    void three_containers() {
        List<SeriesInterval> series = new ArrayList<>(Sample.request(Sample.container("mid"), 10, 20));
        series.add(Sample.series(Sample.container("fast"), Kind.BUFFERED, Sample.DATA, 2, 3, 5, 7));
        series.add(Sample.series(Sample.container("Slow"), Kind.FSYNC, Sample.DATA, 1009));
        series.add(Sample.series(Sample.container("Slow"), Kind.FDATASYNC, Sample.ROOT, 1013));
        model.interval(Sample.interval(0, series, List.of(), Losses.NONE), AgentUsage.NONE);
    }

    @Test
    void rows_are_sorted_by_p99_until_another_order_is_chosen() {
        assertThat(names()).containsExactly("Slow", "mid", "fast");
        type("r");
        assertThat(names()).containsExactly("fast", "Slow", "mid");
        type("c");
        assertThat(names()).containsExactly("Slow", "fast", "mid");
        type("p");
        assertThat(names()).containsExactly("Slow", "mid", "fast");
    }

    @Test
    void s_goes_through_all_orders_and_comes_back() {
        for (SortOrder ignored : SortOrder.values()) {
            type("s");
        }
        assertThat(controls.sort()).isEqualTo(SortOrder.P99);
    }

    @Test
    void an_operation_filter_keeps_only_its_rows() {
        type("f");
        assertThat(names()).containsExactly("Slow");
        type("w");
        assertThat(names()).containsExactly("fast");
        type("b");
        assertThat(names()).containsExactly("mid");
        type("a");
        assertThat(names()).hasSize(3);
    }

    @Test
    void a_name_filter_works_while_it_is_typed_in_any_case_and_is_undone_by_escape() {
        type("/sL");
        assertThat(names()).containsExactly("Slow");
        press(Key.Special.BACKSPACE);
        press(Key.Special.BACKSPACE);
        type("fq");
        assertThat(names()).isEmpty();
        press(Key.Special.LEFT);
        press(Key.Special.DELETE);
        press(Key.Special.ENTER);
        assertThat(controls.editing()).isNull();
        assertThat(names()).containsExactly("fast");

        press(Key.Special.ESCAPE);
        assertThat(names()).hasSize(3);
    }

    @Test
    void escape_while_typing_keeps_the_filter_there_was() {
        type("/mid");
        press(Key.Special.ENTER);
        type("/xyz");
        press(Key.Special.ESCAPE);

        assertThat(names()).containsExactly("mid");
    }

    @Test
    void a_selected_row_stays_selected_wherever_it_is_sorted() {
        press(Key.Special.DOWN);
        assertThat(selected()).isEqualTo("mid");
        type("r");
        assertThat(selected()).isEqualTo("mid");
        press(Key.Special.DOWN);
        assertThat(selected()).as("the last row").isEqualTo("mid");

        press(Key.Special.HOME);
        assertThat(selected()).isEqualTo("fast");
        type("p");
        assertThat(selected()).as("without a choice the top row").isEqualTo("Slow");
    }

    @Test
    void enter_opens_the_kinds_and_mounts_of_the_selected_container() {
        press(Key.Special.ENTER);

        assertThat(controls.focus()).isEqualTo(Sample.container("Slow"));
        assertThat(controls.rows(model))
                .extracting(row -> row.key().place().mount())
                .containsExactly("/", "/data");

        press(Key.Special.BACKSPACE);
        assertThat(controls.focus()).isNull();
    }

    @Test
    void enter_shows_the_stages_of_requests_as_rows() {
        press(Key.Special.DOWN);
        press(Key.Special.ENTER);

        assertThat(controls.rows(model))
                .extracting(row -> row.key().stage().label())
                .containsExactly("total", "device", "queue");
    }

    @Test
    void phases_stay_below_their_operation_however_it_is_sorted() {
        Container db = Sample.container("db");
        List<SeriesInterval> series = new ArrayList<>(Sample.phases(db, Kind.FSYNC));
        series.add(Sample.series(db, Kind.FDATASYNC, Sample.DATA, 9_000_000));
        LiveModel taken = new LiveModel(Sample.start());
        taken.interval(Sample.interval(0, series, List.of(), Losses.NONE), AgentUsage.NONE);
        controls.key(Key.Special.ENTER, taken);

        assertThat(controls.rows(taken))
                .extracting(row -> Table.kind(row.key()) + " "
                        + row.key().stage().label() + " " + row.staged().share())
                .containsExactly(
                        "fsync total -",
                        "fsync commit_data 35.0 %",
                        "fsync queue 10.0 %",
                        "fsync running 5.00 %",
                        "fdatasync total -");
        assertThat(taken.summary().all()).hasSize(1);
    }

    @Test
    void enter_on_nothing_does_nothing() {
        type("/none");
        press(Key.Special.ENTER);
        press(Key.Special.ENTER);
        press(Key.Special.DOWN);

        assertThat(controls.focus()).isNull();
    }

    @Test
    void a_pause_holds_the_rows_until_it_ends() {
        type(" ");
        Container late = Sample.container("late");
        model.interval(Sample.interval(1, Sample.series(late, Kind.FSYNC, Sample.DATA, 2003)), AgentUsage.NONE);
        assertThat(names()).doesNotContain("late");

        type(" ");
        assertThat(names()).startsWith("late");
    }

    @Test
    void idle_rows_go_to_the_end() {
        for (int second = 1; second <= 10; second++) {
            model.interval(
                    Sample.interval(second, Sample.series(Sample.container("fast"), Kind.BUFFERED, Sample.DATA, 7)),
                    AgentUsage.NONE);
        }

        assertThat(names()).containsExactly("fast", "Slow", "mid");
    }

    @Test
    void q_asks_to_end_the_run_except_while_typing() {
        assertThat(controls.key(new Key.Char('q'), model)).isFalse();
        type("/");
        assertThat(controls.key(new Key.Char('q'), model)).isTrue();
    }

    @Test
    void x_explains_the_selected_container_from_now_on_and_again_stops_that() {
        type("x");
        assertThat(explanation()).isEqualTo("explaining Slow: collecting");
        model.interval(
                Sample.interval(1, Sample.series(Sample.container("Slow"), Kind.FSYNC, Sample.DATA, 2_003_000_003)),
                AgentUsage.NONE);
        assertThat(explanation())
                .startsWith(
                        "Where its time goes is not traced: start trace with --by phase, or run writescope explain -c Slow")
                .contains("Slow: P99 of fsync is 2 s. That is unusual, and no cause can be named.");
        type("x");
        assertThat(model.explanation()).isNull();
    }

    @Test
    void an_explanation_of_what_has_parts_says_where_the_time_goes() {
        type("x");
        Container slow = Sample.container("Slow");
        model.interval(
                Sample.interval(
                        1,
                        Sample.series(slow, Kind.FSYNC, Sample.DATA, 2_003_000_003),
                        Sample.series(new SeriesKey(slow, 4711, Kind.FSYNC, Stage.LOCK, Sample.DATA), 1_999_000_003)),
                AgentUsage.NONE);
        assertThat(explanation())
                .startsWith("Slow: P99 of fsync is 2 s. Its threads wait for each other")
                .contains("lock: a lock of a file or file system");
    }

    private String explanation() {
        return String.join("\n", Objects.requireNonNull(model.explanation()).lines());
    }

    private String selected() {
        return names().get(controls.selectedIndex(controls.rows(controls.shown(model))));
    }

    private List<String> names() {
        return controls.rows(controls.shown(model)).stream()
                .map(row -> row.key().container().name())
                .toList();
    }

    private void type(String text) {
        text.chars().forEach(each -> press(new Key.Char((char) each)));
    }

    private void press(Key key) {
        controls.key(key, model);
    }
}
