package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.latency.Judge;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class LiveScreenTest {
    private static final Container POD = Sample.pod("shop", "db-0", "postgres");
    private final LiveControls controls = new LiveControls();
    private final LiveModel model = busy(new Losses(0, 17, 0));

    @Property(tries = 500)
    void a_screen_fits_every_terminal(
            @ForAll @IntRange(min = 20, max = 200) int width,
            @ForAll @IntRange(min = 5, max = 60) int height,
            @ForAll @IntRange(min = 0, max = 5) int mode) {
        LiveControls fresh = new LiveControls();
        press(fresh, List.of("", "?", "/日本", " ", "\n", "b").get(mode));

        List<AttributedString> lines = LiveScreen.draw(model, fresh, width, height);

        assertThat(lines).hasSize(height).allSatisfy(line -> {
            assertThat(line.columnLength()).isLessThanOrEqualTo(width);
            assertThat(line.toString().codePoints()).noneMatch(Character::isISOControl);
        });
        if (mode == 0) {
            assertThat(text(width, height))
                    .as("losses")
                    .contains("LOST")
                    .as("rows")
                    .contains("P99");
        }
    }

    @Test
    void an_empty_model_says_that_it_waits() {
        LiveModel fresh = new LiveModel(Sample.start());

        assertThat(String.join("\n", plain(LiveScreen.draw(fresh, controls, 120, 24))))
                .contains("waiting for the first interval", "fsync tp_btf", "write fentry (misses io_uring)", "lost 0");
    }

    @Test
    void losses_coverage_and_the_share_without_an_owner_are_always_in_sight() {
        for (int width = 80; width < 200; width += 7) {
            assertThat(text(width, 24)).contains("LOST", "unattr", "fsync tp_btf", "write fentry", "block tp_btf");
        }
    }

    @Test
    void columns_leave_by_priority() {
        assertThat(text(20, 24)).contains("P99").doesNotContain("P50", "OPS/s");
        assertThat(text(80, 24))
                .contains("OPS/s", "P50", "MAX", "ERR", "P99 60s")
                .doesNotContain("QUE P99");
        assertThat(text(160, 24)).contains("P90", "QUE P99", "DEV P99", "MB/s");
    }

    @Test
    void bars_say_how_far_back_they_go() {
        RunStart second = Sample.start();
        LiveModel slow = new LiveModel(new RunStart(
                second.time(),
                second.version(),
                second.host(),
                second.kernel(),
                second.machine(),
                second.cgroupMode(),
                Duration.ofSeconds(7),
                second.significantDigits(),
                second.containers(),
                second.coverage()));

        assertThat(String.join("\n", plain(LiveScreen.draw(slow, controls, 120, 24))))
                .contains("P99 7min");
        assertThat(text(120, 24)).contains("P99 60s");
    }

    @Test
    void the_selected_row_is_in_sight_however_far_down() {
        LiveModel many = new LiveModel(Sample.start());
        List<SeriesInterval> series = new ArrayList<>();
        for (int at = 0; at < 503; at++) {
            series.add(Sample.series(Sample.container("c" + at + "."), Kind.FSYNC, Sample.DATA, 1_000_000 - at * 1000));
        }
        many.interval(Sample.interval(0, series, List.of(), Losses.NONE), AgentUsage.NONE);
        for (int at = 0; at < 251; at++) {
            controls.key(Key.Special.DOWN, many);
        }

        assertThat(plain(LiveScreen.draw(many, controls, 80, 24))).anyMatch(line -> line.startsWith("c251. "));
    }

    @Test
    void a_container_opened_shows_its_places_and_only_its_own_slow_operations() {
        controls.key(new Key.Char('/'), model);
        press(controls, "shop\n\n");

        assertThat(text(160, 40))
                .contains("fsync fdatasync", "/ (upperdir, overlay)", "block write queue", "/pgdata/wal")
                .doesNotContain("/other/file");
    }

    @Test
    void a_flag_and_slow_operations_share_the_bottom() {
        model.notice(new Notice(Sample.NOON, POD, true, "fsync P99 is 3.1 times its baseline"));

        assertThat(text(200, 30)).contains("fsync P99 is 3.1 times its baseline", "/other/file");
        assertThat(text(200, 12)).doesNotContain("/other/file");
    }

    @Test
    void what_has_regressed_is_marked_with_and_without_colour_and_counted_at_the_top() {
        regress(Regression.State.ALARM);

        for (int width = 80; width < 200; width += 7) {
            assertThat(text(width, 24).lines().findFirst())
                    .hasValueSatisfying(top -> assertThat(top).contains("ALARMS 1"));
        }
        List<AttributedString> lines = LiveScreen.draw(model, controls, 160, 30);
        AttributedString row = lines.stream()
                .filter(line -> line.toString().startsWith("! shop/db-0/postgres"))
                .findFirst()
                .orElseThrow();
        assertThat(row.toString()).contains(" fsync ");
        assertThat(plain(lines)).filteredOn(line -> line.startsWith("!")).hasSize(1);
        assertThat(plain(lines))
                .anyMatch(line -> line.contains(
                        "shop/db-0/postgres  fsync P99 2.10 ms -> 93.0 ms (x44.3) since 12:01:04Z  REGRESSED"));
        controls.key(Key.Special.DOWN, model);
        assertThat(LiveScreen.draw(model, controls, 160, 30).stream()
                        .filter(line -> line.toString().startsWith("!"))
                        .map(line -> line.styleAt(0)))
                .containsExactly(LiveStyle.ALARM);
    }

    @Test
    void a_container_opened_shows_its_flags_and_marks_what_they_are_about() {
        regress(Regression.State.ALARM);
        controls.key(new Key.Char('/'), model);
        press(controls, "shop\n\n");

        assertThat(text(160, 40)).contains("! fsync fdatasync", "REGRESSED").doesNotContain("! block", "! fsync fsync");
        regress(Regression.State.RECOVERED);
        assertThat(text(160, 40)).contains("  recovered", "REGRESSED").doesNotContain("! fsync");
        assertThat(text(160, 40).lines().findFirst().orElse("")).contains("alarms 0");
    }

    @Test
    void the_top_says_whether_anybody_judges() {
        assertThat(text(160, 24)).as("off").doesNotContain("detector", "alarms");
        model.judging(Judge.State.LEARNING);
        assertThat(text(160, 24)).contains("detector: learning").doesNotContain("alarms");
        model.judging(Judge.State.WATCHING);
        assertThat(text(160, 24)).contains("alarms 0").doesNotContain("detector");
        model.judging(Judge.State.FAILED);
        assertThat(text(80, 24)).contains("detector: FAILED");
    }

    @Test
    void phases_have_a_name_and_a_share() {
        LiveModel taken = new LiveModel(Sample.start());
        taken.interval(Sample.interval(0, Sample.phases(POD, Kind.FSYNC), List.of(), Losses.NONE), AgentUsage.NONE);
        controls.key(Key.Special.ENTER, taken);
        List<String> lines = plain(LiveScreen.draw(taken, controls, 120, 24));
        assertThat(lines).anyMatch(line -> line.startsWith("OPERATION") && line.contains("SHARE"));
        assertThat(lines).anyMatch(line -> line.startsWith("  fsync fsync commit_data") && line.contains("35.0 %"));
    }

    private void regress(Regression.State state) {
        model.judging(Judge.State.WATCHING);
        List<SeriesInterval> series = List.of(Sample.series(POD, Kind.FDATASYNC, Sample.ROOT, 1_230_000_000));
        model.interval(
                Sample.flagged(79, series, Sample.regression(Sample.NOON.plusSeconds(80), POD, state)),
                AgentUsage.NONE);
    }

    @Test
    void a_long_name_keeps_its_beginning_and_its_end() {
        assertThat(Printable.squeeze("shop/postgres-cluster-0/postgres", 20)).isEqualTo("shop/post…0/postgres");
        assertThat(Printable.squeeze("日本日本日本", 7))
                .isEqualTo("日…日本")
                .satisfies(text -> assertThat(Printable.width(text)).isLessThanOrEqualTo(7));
        assertThat(Printable.squeeze("short", 20)).isEqualTo("short");
    }

    @Test
    void bars_are_on_a_logarithmic_scale_with_gaps() {
        assertThat(Sparkline.of(new float[] {1, 10, 100, 0, 1000})).isEqualTo("▁▃▆ █");
        assertThat(Sparkline.of(new float[] {100, 101, 99})).as("noise").isEqualTo("▁▁▁");
        assertThat(Sparkline.of(new float[3])).isBlank().hasSize(3);
    }

    private String text(int width, int height) {
        return String.join("\n", plain(LiveScreen.draw(model, controls, width, height)));
    }

    private static List<String> plain(List<AttributedString> lines) {
        return lines.stream().map(AttributedString::toString).toList();
    }

    private void press(LiveControls controls, String keys) {
        keys.chars().forEach(each -> controls.key(each == '\n' ? Key.Special.ENTER : new Key.Char((char) each), model));
    }

    private static LiveModel busy(Losses lost) {
        LiveModel model = new LiveModel(Sample.start());
        Container hostile = Sample.container(Sample.HOSTILE);
        for (int second = 0; second < 70; second++) {
            List<SeriesInterval> series = new ArrayList<>(Sample.request(POD, 59_000, 61_000 + second));
            series.add(Sample.series(POD, Kind.FDATASYNC, Sample.ROOT, 1_230_000_000));
            series.add(Sample.series(hostile, Kind.FSYNC, Sample.DATA, 7_000_000));
            series.add(Sample.series(Sample.container("日本".repeat(30)), Kind.OSYNC, Sample.DATA, 3_000_000));
            model.interval(
                    Sample.interval(
                            second,
                            series,
                            second == 61
                                    ? List.of(
                                            Sample.slow(POD, "postgres", "/pgdata/wal"),
                                            Sample.slow(hostile, "\u001b[2J", "/other/file"))
                                    : List.of(),
                            second == 67 ? lost : Losses.NONE),
                    AgentUsage.NONE);
        }
        return model;
    }
}
