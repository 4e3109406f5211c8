package dev.writescope.view;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.QuantileChange;
import java.io.IOException;
import java.util.Locale;

/**
 * A ratio with its interval as a mark on a logarithmic line, the same line for all: what is right of the band became
 * slower, what is left of it faster.
 *
 * @param reach the ratio at the right end; its inverse is at the left end
 * @param effect the smallest change of interest, which is the band
 */
record ForestPlot(double reach, double effect) {
    private static final double WIDTH = 160;
    private static final double HEIGHT = 16;
    private static final double MARGIN = 6;
    private static final double[] REACHES = {1.25, 1.5, 2, 4, 8, 16, 32, 100};

    static ForestPlot of(Comparison comparison) {
        double largest = comparison.subjects().stream()
                .flatMap(one -> one.quantiles().stream())
                .mapToDouble(ForestPlot::furthest)
                .max()
                .orElse(0);
        largest = Math.max(largest, Math.log(1 + 2 * comparison.rules().minimumEffect()));
        for (double reach : REACHES) {
            if (Math.log(reach) >= largest) {
                return new ForestPlot(reach, comparison.rules().minimumEffect());
            }
        }
        return new ForestPlot(REACHES[REACHES.length - 1], comparison.rules().minimumEffect());
    }

    private static double furthest(QuantileChange change) {
        double low = change.low() > 0 ? Math.abs(Math.log(change.low())) : 0;
        double high = change.high() > 0 ? Math.abs(Math.log(change.high())) : 0;
        return Math.max(Double.isFinite(low) ? low : 0, Double.isFinite(high) ? high : 0);
    }

    /** The figures are beside it in words, so it is hidden from readers of the screen. */
    void draw(QuantileChange change, Markup html) throws IOException {
        open(html);
        double low = x(1 / (1 + effect));
        html.open("rect", "class", "band", "x", at(low), "width", at(x(1 + effect) - low), "height", at(HEIGHT))
                .close();
        line(html, "same", x(1), x(1), 0, HEIGHT);
        if (Double.isFinite(change.low()) && Double.isFinite(change.high())) {
            double middle = HEIGHT / 2;
            line(html, "interval", x(change.low()), x(change.high()), middle, middle);
            line(html, "interval", x(change.low()), x(change.low()), middle - 4, middle + 4);
            line(html, "interval", x(change.high()), x(change.high()), middle - 4, middle + 4);
        }
        if (Changes.isEstimated(change)) {
            html.open("circle", "cx", at(x(change.ratio())), "cy", at(HEIGHT / 2), "r", "2.5")
                    .close();
        }
        html.close();
    }

    /** What its ends mean. */
    void scale(Markup html) throws IOException {
        String end = Figures.three(reach).replaceFirst("\\.?0+$", "");
        open(html);
        label(html, "1/" + end, 0, "start");
        label(html, "same", WIDTH / 2, "middle");
        label(html, "×" + end, WIDTH, "end");
        html.close();
    }

    private static void open(Markup html) throws IOException {
        html.open(
                "svg",
                "class",
                "forest",
                "viewBox",
                "0 0 " + at(WIDTH) + " " + at(HEIGHT),
                "width",
                at(WIDTH),
                "height",
                at(HEIGHT),
                "aria-hidden",
                "true");
    }

    private static void label(Markup html, String text, double x, String anchor) throws IOException {
        html.element("text", text, "x", at(x), "y", "12", "text-anchor", anchor);
    }

    private static void line(Markup html, String style, double x1, double x2, double y1, double y2) throws IOException {
        html.open("line", "class", style, "x1", at(x1), "x2", at(x2), "y1", at(y1), "y2", at(y2))
                .close();
    }

    private double x(double ratio) {
        double share = Math.clamp(Math.log(Math.max(ratio, 1e-9)) / Math.log(reach), -1, 1);
        return WIDTH / 2 + share * (WIDTH / 2 - MARGIN);
    }

    private static String at(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
