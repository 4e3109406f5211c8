package dev.writescope.view;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.OtherChange;
import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.RecordingFacts;
import dev.writescope.compare.Subject;
import dev.writescope.compare.SubjectComparison;
import dev.writescope.compare.Verdict;
import dev.writescope.probe.Coverage;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A comparison as one HTML file that needs nothing else: verdicts in tables, percentile curves and heatmaps over time
 * as charts. It asks no network for anything, which its content security policy holds it to.
 */
public final class ComparisonPage {
    /** In the table; the rest is counted. */
    private static final int MOST_SUBJECTS = 100;

    private static final int MOST_NAMES = 50;

    private final Comparison comparison;
    private final Markup html;

    private ComparisonPage(Comparison comparison, Markup html) {
        this.comparison = comparison;
        this.html = html;
    }

    /** Writes UTF-8; does not close {@code out}. */
    public static void write(Comparison comparison, OutputStream out) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        new ComparisonPage(comparison, Markup.to(writer)).document();
    }

    private void document() throws IOException {
        List<String> charts = PageData.of(comparison);
        PageAssets assets = PageAssets.load();
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"" + assets.policy() + "\">\n");
        html.element(
                        "title",
                        comparison.before().file() + " and "
                                + comparison.after().file() + " – writescope compare")
                .newLine();
        html.raw("<style>" + assets.style() + "</style>\n</head>\n<body>\n<main>\n");
        verdict();
        changes();
        charts(charts.size());
        verdicts(charts.size());
        recordings();
        html.raw("</main>\n");
        html.raw("<script type=\"application/json\" id=\"data\">[" + String.join(",\n", charts) + "]</script>\n");
        html.raw("<script>" + assets.library() + "</script>\n");
        html.raw("<script>" + assets.script() + "</script>\n</body>\n</html>\n");
        html.flush();
    }

    private void verdict() throws IOException {
        html.open("header").element("p", "writescope compare", "class", "brand").newLine();
        html.element("h1", Headline.of(comparison), "class", style(comparison.verdict()))
                .newLine();
        html.element(
                        "p",
                        comparison.before().file() + " against "
                                + comparison.after().file() + ". Intervals hold together with "
                                + Changes.confidence(comparison.rules())
                                + " confidence; the smallest change of interest is "
                                + Changes.effect(comparison.rules()) + ".",
                        "class",
                        "note")
                .newLine();
        for (String refusal : comparison.refusals()) {
            html.element("p", refusal, "class", "refusal").newLine();
        }
        html.close().newLine();
    }

    private void changes() throws IOException {
        if (comparison.changes().isEmpty()) {
            return;
        }
        section("What else changed");
        html.open("div", "class", "scroll").open("table");
        head("", "Before", "After");
        html.open("tbody").newLine();
        for (OtherChange change : comparison.changes()) {
            html.open("tr").element("th", change.what(), "scope", "row");
            html.element("td", orDash(change.before()), "class", "name");
            html.element("td", orDash(change.after()), "class", "name").close().newLine();
        }
        html.close().close().close().close().newLine();
    }

    private void charts(int charts) throws IOException {
        if (charts == 0) {
            return;
        }
        section("Latency before and after");
        html.raw(
                "<noscript><p class=\"note\">The charts need JavaScript; the table below has the figures.</p></noscript>\n");
        html.open("p", "class", "choice").element("label", "Container and operation ", "for", "subject");
        html.open("select", "id", "subject").close().close().newLine();
        html.raw("<div id=\"charts\"></div>\n").close().newLine();
        if (charts < comparison.subjects().size()) {
            html.element(
                            "p",
                            "Charts are here for the first " + charts + " of "
                                    + comparison.subjects().size() + ", the worst.",
                            "class",
                            "note")
                    .newLine();
        }
    }

    private void verdicts(int charts) throws IOException {
        if (comparison.subjects().isEmpty()) {
            return;
        }
        ForestPlot forest = ForestPlot.of(comparison);
        section("Verdicts");
        html.open("div", "class", "scroll")
                .open("table", "class", "verdicts")
                .open("thead")
                .open("tr");
        for (String title : List.of("", "Percentile", "Before", "After", "Change", "Between")) {
            html.element("th", title, "scope", "col");
        }
        html.open("th", "scope", "col");
        forest.scale(html);
        html.close().element("th", "Verdict", "scope", "col").close().close().newLine();
        int shown = Math.min(MOST_SUBJECTS, comparison.subjects().size());
        for (int i = 0; i < shown; i++) {
            subject(comparison.subjects().get(i), i < charts ? Integer.toString(i) : "", forest);
        }
        html.close().close().newLine();
        if (shown < comparison.subjects().size()) {
            html.element("p", comparison.subjects().size() - shown + " more are in --format json.", "class", "note")
                    .newLine();
        }
        html.close().newLine();
    }

    private void subject(SubjectComparison compared, String chart, ForestPlot forest) throws IOException {
        html.open("tbody").newLine();
        String rows = Integer.toString(compared.quantiles().size() + 1);
        html.open("tr").open("th", "scope", "rowgroup", "rowspan", rows, "class", "name");
        String name = Changes.name(compared.subject());
        if (chart.isEmpty()) {
            html.text(name);
        } else {
            html.element("a", name, "href", "#subject", "data-subject", chart);
        }
        html.close();
        for (QuantileChange change : compared.quantiles()) {
            html.element("td", Changes.quantile(change.quantile()));
            figures(Changes.latency(change.beforeNs()), Changes.latency(change.afterNs()));
            figures(Changes.percent(change.ratio()), Changes.interval(change.low(), change.high()));
            html.open("td");
            forest.draw(change, html);
            html.close();
            html.element("td", Changes.verdict(change, comparison), "class", style(change.verdict()));
            html.close().newLine().open("tr");
        }
        rate(compared);
        html.close().close().newLine();
    }

    private void rate(SubjectComparison compared) throws IOException {
        html.element("td", "rate");
        figures(
                Figures.rate(compared.rate().beforePerSecond()) + "/s",
                Figures.rate(compared.rate().afterPerSecond()) + "/s");
        figures(
                Changes.percent(compared.rate().ratio()),
                Changes.interval(compared.rate().low(), compared.rate().high()));
        String counts = compared.before().count() + " and " + compared.after().count() + " operations";
        long errors = compared.before().errors() + compared.after().errors();
        html.element(
                "td",
                errors == 0
                        ? counts
                        : counts + ", " + compared.before().errors() + " and "
                                + compared.after().errors() + " errors",
                "colspan",
                "2",
                "class",
                "note");
    }

    private void figures(String... texts) throws IOException {
        for (String text : texts) {
            html.element("td", text, "class", "figure");
        }
    }

    private void recordings() throws IOException {
        section("Recordings");
        html.open("div", "class", "scroll").open("table");
        head("", "Before", "After");
        html.open("tbody").newLine();
        fact("File", RecordingFacts::file);
        fact("Recorded", Facts::when);
        fact("Operations", facts -> facts.events() + (facts.truncated() ? ", cut short" : ""));
        fact(
                "Lost",
                facts -> facts.lost().total() == 0
                        ? "none"
                        : Long.toString(facts.lost().total()));
        fact("Host", facts -> facts.start().host());
        fact("Machine", facts -> facts.start().machine());
        fact(
                "Kernel",
                facts -> facts.start().kernel() + ", cgroup " + facts.start().cgroupMode());
        fact("Hooks", ComparisonPage::hooks);
        fact(
                "Selected",
                facts -> facts.start().containers().isEmpty()
                        ? "everything"
                        : String.join(", ", facts.start().containers()));
        fact("Writescope", facts -> facts.start().version());
        html.close().close().close().newLine();
        only(comparison.before(), comparison.onlyBefore());
        only(comparison.after(), comparison.onlyAfter());
        html.close().newLine();
    }

    private void fact(String what, Function<RecordingFacts, String> of) throws IOException {
        html.open("tr").element("th", what, "scope", "row");
        html.element("td", orDash(of.apply(comparison.before())), "class", "name");
        html.element("td", orDash(of.apply(comparison.after())), "class", "name")
                .close()
                .newLine();
    }

    private static String hooks(RecordingFacts facts) {
        return facts.start().coverage().stream().map(ComparisonPage::hook).collect(Collectors.joining("; "));
    }

    private static String hook(Coverage coverage) {
        String misses = coverage.misses().isEmpty() ? "" : ", misses " + String.join(", ", coverage.misses());
        return coverage.operation().label() + " by " + coverage.backend() + misses;
    }

    private void only(RecordingFacts recording, List<Subject> subjects) throws IOException {
        if (!subjects.isEmpty()) {
            String names =
                    subjects.stream().limit(MOST_NAMES).map(Changes::name).collect(Collectors.joining(", "));
            html.element(
                            "p",
                            "Only in " + recording.file() + ", not judged: " + names
                                    + (subjects.size() > MOST_NAMES ? ", …" : ""))
                    .newLine();
        }
    }

    private void section(String title) throws IOException {
        html.open("section").element("h2", title).newLine();
    }

    private void head(String... titles) throws IOException {
        html.open("thead").open("tr");
        for (String title : titles) {
            html.element("th", title, "scope", "col");
        }
        html.close().close().newLine();
    }

    private static String orDash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    /** The class that gives a verdict its colour and its mark. */
    private static String style(Verdict verdict) {
        return switch (verdict) {
            case REGRESSED -> "verdict regressed";
            case IMPROVED -> "verdict improved";
            case NO_CHANGE -> "verdict same";
            case NOT_ENOUGH_DATA -> "verdict unknown";
        };
    }
}
