package dev.writescope.view;

import static dev.writescope.explain.Situation.DATA;
import static dev.writescope.explain.Situation.DB;
import static dev.writescope.explain.Situation.ETL;
import static dev.writescope.explain.Situation.MIB;
import static dev.writescope.explain.Situation.MS;
import static dev.writescope.explain.Situation.SHIM;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.HostileNames;
import dev.writescope.container.Container;
import dev.writescope.container.MountClass;
import dev.writescope.explain.Explainer;
import dev.writescope.explain.Explanations;
import dev.writescope.explain.Situation;
import dev.writescope.latency.Place;
import dev.writescope.latency.Share;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** One note in every form, against files that are read before they are changed. */
class ExplanationViewsTest {
    private interface View {
        void write(Explanations explanations, OutputStream out) throws IOException;
    }

    static Explanations sharedJournal() {
        return Explainer.explain(
                Situation.calm()
                        .syncs(
                                307,
                                1_300 * MS,
                                Map.of(
                                        Stage.COMMIT_DATA,
                                        0.71,
                                        Stage.COMMIT_QUEUE,
                                        0.13,
                                        Stage.COMMIT_LOG,
                                        0.05,
                                        Stage.DEVICE,
                                        0.04,
                                        Stage.FLUSH,
                                        0.03,
                                        Stage.RUNNING,
                                        0.01))
                        .regressed(Operation.FSYNC, 150 * MS, 1_300 * MS)
                        .held(Operation.FSYNC, Share.Resource.COMMIT, ETL, 320_000 * MS)
                        .held(Operation.FSYNC, Share.Resource.COMMIT, DB, 17_000 * MS)
                        .held(Operation.FSYNC, Share.Resource.DEVICE, Container.UNATTRIBUTED, 11_000 * MS)
                        .activity(ETL, "dd", "/data/export.csv", Kind.BUFFERED, DATA, 3_001, 3_001 * MIB)
                        .activity(DB, "postgres", "/data/pg_wal/000000010000000000000007", Kind.FSYNC, DATA, 307, 0)
                        .observed(),
                null);
    }

    private static String written(Explanations explanations, View view) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        view.write(explanations, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void assertGolden(String name, String text) throws IOException {
        Path golden = Path.of("src/test/resources/explain", name);
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(golden.getParent());
            Files.writeString(golden, text);
        }
        assertThat(text).isEqualTo(Files.readString(golden));
    }

    @Test
    void a_note_as_text_is_a_page() throws IOException {
        String text = written(sharedJournal(), ExplanationText::write);
        assertGolden("note.txt", text);
        assertThat(text.lines().count()).isLessThanOrEqualTo(66);
    }

    @Test
    void a_note_for_a_ticket_is_markdown() throws IOException {
        assertGolden("note.md", written(sharedJournal(), ExplanationMarkdown::write));
    }

    @Test
    void a_note_is_a_line_of_json() throws IOException {
        String json = written(sharedJournal(), ExplanationJson::write);
        assertThat(json).startsWith("{\"type\":\"explanation\",\"schema\":1,");
        assertThat(json.lines()).hasSize(1);
        assertGolden("note.json", json);
    }

    @Test
    void what_is_lost_and_what_is_left_of_the_time_is_in_every_form() throws IOException {
        Explanations partly = Explainer.explain(
                Situation.calm()
                        .syncs(1_009, 97 * MS, Map.of(Stage.LOCK, 0.9, Stage.RUNNING, 0.03))
                        .lost(new Losses(2, 3, 5, 37))
                        .observed(),
                null);
        String sentence = "where the time of 37 operations goes";
        assertThat(written(partly, ExplanationText::write))
                .contains(sentence, "2 fsync, 3 write, 5 block")
                .containsPattern("7 % +- +- +not taken apart");
        assertThat(written(partly, ExplanationMarkdown::write))
                .contains(sentence, "2 fsync, 3 write, 5 block", "| not taken apart | 7 % | - | - |");
        assertThat(written(partly, ExplanationJson::write))
                .contains(
                        sentence,
                        "\"lost\":{\"fsync\":2,\"write\":3,\"block\":5,\"parts\":37}",
                        "{\"stage\":\"not_taken_apart\",\"share\":0.07");
    }

    @Test
    void what_overlay_adds_is_told_beside_the_parts() throws IOException {
        Explanations layered = Explainer.explain(
                Situation.calm()
                        .syncs(1_009, 97 * MS, Map.of(Stage.LOCK, 0.9, Stage.RUNNING, 0.1, Stage.OVERLAY, 0.07))
                        .observed(),
                null);
        String sentence = "overlay itself adds 7 % of the time, P50 6.79 ms, P99 6.79 ms";
        assertThat(written(layered, ExplanationText::write)).contains(sentence);
        assertThat(written(layered, ExplanationMarkdown::write)).contains(sentence);
        assertThat(written(layered, ExplanationJson::write))
                .contains("\"overlay\":{\"share\":0.07,\"count\":1009,")
                .doesNotContain("\"stage\":\"overlay\"");
        assertThat(written(sharedJournal(), ExplanationText::write)).doesNotContain("overlay itself");
    }

    @Test
    void nothing_unusual_is_said_with_the_figures() throws IOException {
        Explanations healthy = Explainer.explain(
                Situation.calm()
                        .syncs(1_009, 2 * MS, Map.of(Stage.DEVICE, 0.9, Stage.RUNNING, 0.08))
                        .observed(),
                null);
        assertThat(written(healthy, ExplanationText::write))
                .contains("Nothing unusual found.", "1009 (33.6/s), P50 2.00 ms, P99 2.00 ms", "unexplained 2 %")
                .doesNotContain("CAUSES", "WHAT TO DO");
    }

    @Test
    void processes_are_told_that_wrote_most_or_were_delayed_longest() throws IOException {
        Situation busy = Situation.calm()
                .syncs(1_009, 97 * MS, Map.of(Stage.LOCK, 0.9, Stage.RUNNING, 0.03))
                .pressure(DB, 0.31, 0.17, 0.07)
                .pressure(Container.host(""), 0.41, 0.13, 0.23);
        for (int i = 1; i <= 7; i++) {
            busy.process(ETL, "dd", 300 * MIB * i, 30 * MIB, 0);
        }
        Explanations told = Explainer.explain(
                busy.process(DB, "postgres", 0, 0, 7_919 * MS)
                        .process(SHIM, "shim", 1, 0, -1)
                        .observed(),
                null);
        assertThat(written(told, ExplanationText::write))
                .contains("PROCESSES, BY THE KERNEL'S COUNTERS", "BLOCK DELAY, MAIN THREAD")
                .containsPattern("batch/etl-7/etl +dd\\[7007\\] +73.4 +1.05 +0.00 µs")
                .containsPattern("shop/db-0/db +postgres\\[7008\\] +0 +0 +7.92  s")
                .contains("dd[7004]")
                .doesNotContain("dd[7003]", "shim")
                .contains("I/O pressure: some 31 %, full 17 % of the time; memory pressure: some 7 %")
                .contains("of the whole host: I/O pressure: some 41 %, full 13 %");
        assertThat(written(told, ExplanationMarkdown::write))
                .contains("| shop/db-0/db | postgres&#91;7008&#93; | 0 | 0 | 7.92 s |");
        assertThat(written(told, ExplanationJson::write))
                .contains("\"pid\":7008,\"comm\":\"postgres\",\"written_bytes_per_s\":0.0,"
                        + "\"cancelled_bytes_per_s\":0.0,\"main_thread_block_delay_ns\":7919000000");
    }

    @Test
    void those_beyond_five_are_counted() throws IOException {
        Situation many = Situation.calm();
        for (int i = 0; i < 7; i++) {
            many.operations(
                    Situation.pod("shop", "pod-" + i, "c" + i),
                    Kind.FSYNC,
                    DATA,
                    97,
                    97 * MS,
                    Map.of(Stage.THROTTLED, 0.9));
        }
        assertThat(written(Explainer.explain(many.observed(), null), ExplanationText::write))
                .endsWith("and 2 more: choose one with -c\n");
    }

    private static Explanations hostile(String name) {
        Container victim =
                new Container(Container.Type.CONTAINER, name, name, "containerd", name, name, name, name, "");
        Container neighbour =
                new Container(Container.Type.CONTAINER, name + "2", name, "podman", name, name, name, name, "");
        Place layer = new Place("overlay", Situation.DISK, name, MountClass.UPPERDIR, name);
        return Explainer.explain(
                Situation.calm()
                        .load(0.97, 7, 41)
                        .operations(victim, Kind.FSYNC, layer, 997, 97 * MS, Map.of(Stage.COMMIT_DATA, 0.9))
                        .process(neighbour, name, 997 * MIB, 0, 97 * MS)
                        .activity(neighbour, name, "/" + name + "/x", Kind.BUFFERED, layer, 997, 997 * MIB)
                        .activity(victim, name, "/" + name + "/x", Kind.FSYNC, layer, 997, 0)
                        .observed(),
                null);
    }

    @Provide
    Arbitrary<String> names() {
        return HostileNames.any();
    }

    @Property(tries = 100)
    void no_name_commands_a_terminal(@ForAll("names") String name) throws IOException {
        assertThat(written(hostile(name), ExplanationText::write).lines())
                .allSatisfy(line -> assertThat(Printable.of(line)).isEqualTo(line));
    }

    @Property(tries = 100)
    void no_name_is_markup_in_a_ticket(@ForAll("names") String name) throws IOException {
        String markdown = written(hostile(name), ExplanationMarkdown::write);
        assertThat(markdown.replaceAll("</?pre>", "")).doesNotContain("<", "`", "](", "@");
        assertThat(markdown.lines().filter(line -> line.startsWith("**"))).hasSize(1);
    }

    @Property(tries = 100)
    void every_line_of_json_is_ascii_and_one_object(@ForAll("names") String name) throws IOException {
        String json = written(hostile(name), ExplanationJson::write);
        assertThat(json.chars()).allMatch(c -> c == '\n' || (c >= 0x20 && c < 0x7f));
        assertThat(json.lines()).hasSize(1);
    }
}
