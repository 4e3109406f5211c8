package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.compare.Comparison;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a real browser, which its content security policy makes complain of any request. */
class ComparisonPageTest {
    private static final String ATTACK =
            "</script></style></title><script>document.title='owned'</script><img src=\"http://192.0.2.1/x\""
                    + " onerror=\"document.title='owned'\"><!--&lt;'\"]]>";

    @TempDir
    Path directory;

    private Path page(Comparison comparison) throws IOException {
        Path file = directory.resolve("page.html");
        try (OutputStream out = Files.newOutputStream(file)) {
            ComparisonPage.write(comparison, out);
        }
        return file;
    }

    private Browser.Visit visit(Comparison comparison) throws IOException, InterruptedException {
        return new Browser(directory, false).visit(page(comparison));
    }

    @Test
    void the_charts_are_drawn_without_a_complaint() throws Exception {
        Browser.Visit visit = visit(Comparisons.full());
        assertThat(visit.console()).isEmpty();
        assertThat(visit.dom())
                .contains("data-drawn=\"0\"", "class=\"u-over\"")
                .contains("<option>shop/web-0/web write: regressed</option>", "<option>db fsync: improved</option>");
        assertThat(visit.dom().split("<canvas", -1)).hasSize(1 + 3 + 1); // curves, two heatmaps, their ramp
    }

    @ParameterizedTest
    @CsvSource({"false, ffffff, 0b5cad, dcebf9, b3261e", "true, 11151a, 6cb2ff, 17304d, ff8a80"})
    void both_colour_schemes_show_page_curves_cells_and_verdict(
            boolean dark, String page, String after, String cell, String regressed) throws Exception {
        BufferedImage picture = new Browser(directory, dark).picture(page(Comparisons.full()), 1200, 1300);
        assertThat(pixels(picture, page)).isGreaterThan(1200 * 1300 / 2);
        assertThat(pixels(picture, after)).isGreaterThan(500); // a line across the chart is more
        assertThat(pixels(picture, cell)).isGreaterThan(500);
        assertThat(pixels(picture, regressed)).isGreaterThan(500);
    }

    private static long pixels(BufferedImage picture, String colour) {
        int rgb = Integer.parseInt(colour, 16);
        int[] all = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        return Arrays.stream(all).filter(one -> (one & 0xffffff) == rgb).count();
    }

    @Test
    void a_link_can_name_what_to_show() throws Exception {
        Browser.Visit visit = new Browser(directory, false).visit(page(Comparisons.full()), "#1");
        assertThat(visit.dom()).contains("data-drawn=\"1\"", "Latency by percentile: db fsync");
    }

    @Test
    void it_is_not_wider_than_a_telephone() throws Exception {
        BufferedImage picture = new Browser(directory, false).picture(page(Comparisons.full()), 500, 1300);
        // The percentile curve ends, with its label behind it, within the page.
        assertThat(pixels(picture, "0b5cad")).isGreaterThan(200);
        assertThat(pixels(picture.getSubimage(490, 0, 10, 1000), "0b5cad")).isZero();
    }

    @Test
    void names_are_text_whatever_is_in_them() throws Exception {
        for (String hostile : new String[] {ATTACK, Sample.HOSTILE}) {
            Path file = page(Comparisons.hostile(hostile));
            assertThat(Files.readString(file)).doesNotContain(hostile);
            Browser.Visit visit = new Browser(directory, false).visit(file);
            assertThat(visit.console()).isEmpty();
            assertThat(visit.dom()).doesNotContain("<title>owned", "<img").contains("data-drawn=\"0\"");
            assertThat(visit.dom().split("<script", -1)).hasSize(1 + 3); // data, library, ours
        }
    }

    @Test
    void with_nothing_to_compare_it_says_so() throws Exception {
        Browser.Visit visit = visit(Comparisons.of());
        assertThat(visit.console()).isEmpty();
        assertThat(visit.dom()).contains("no verdict is possible").doesNotContain("<canvas");
    }

    @Test
    void with_very_many_it_stays_below_a_megabyte_and_a_half_and_says_what_is_left_out() throws Exception {
        Path file = page(Comparisons.many(1009));
        assertThat(Files.size(file)).isLessThan(1_500_000);
        assertThat(file).content().containsPattern("Charts are here for the first \\d+ of 1009, the worst\\.");
        assertThat(file).content().contains("909 more are in --format json.");
    }

    @Test
    void it_carries_the_licence_of_what_draws() throws IOException {
        assertThat(page(Comparisons.of())).content().contains("The MIT License", "Leon Sorokin", "uPlot (v");
    }

    @Test
    void it_names_nothing_that_a_browser_would_fetch() throws IOException {
        String own = Files.readString(page(Comparisons.full())).replaceAll("(?s)<script>.*?</script>", "");
        assertThat(own).doesNotContain("src=", "url(", "@import", "<link");
    }
}
