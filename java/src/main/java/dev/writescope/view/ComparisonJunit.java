package dev.writescope.view;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.OtherChange;
import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.SubjectComparison;
import dev.writescope.compare.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Predicate;

/**
 * A comparison as JUnit XML, which CI systems show as tests: one for each subject and quantile, failed when it
 * regressed, skipped when there is not enough data; when nothing can be judged, one with an error.
 */
public final class ComparisonJunit {
    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    private final Markup xml;
    private final Comparison comparison;

    private ComparisonJunit(Markup xml, Comparison comparison) {
        this.xml = xml;
        this.comparison = comparison;
    }

    /** Writes UTF-8; does not close {@code out}. */
    public static void write(Comparison comparison, OutputStream out) throws IOException {
        Markup xml = Markup.to(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        new ComparisonJunit(xml, comparison).document();
        xml.flush();
    }

    private void document() throws IOException {
        boolean judged = comparison.verdict() != Verdict.NOT_ENOUGH_DATA;
        xml.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
                .open("testsuites")
                .newLine();
        xml.open(
                        "testsuite",
                        "name",
                        "writescope compare",
                        "tests",
                        Long.toString(count(_ -> true) + (judged ? 0 : 1)),
                        "failures",
                        Long.toString(count(verdict -> verdict == Verdict.REGRESSED)),
                        "errors",
                        judged ? "0" : "1",
                        "skipped",
                        Long.toString(count(verdict -> verdict == Verdict.NOT_ENOUGH_DATA)),
                        "time",
                        Double.toString(comparison.after().duration().toMillis() / 1e3),
                        "timestamp",
                        LOCAL.format(comparison.after().start().time()),
                        "hostname",
                        comparison.after().start().host())
                .newLine();
        properties();
        if (!judged) {
            test("writescope", "comparison");
            told("error", "no verdict", Headline.of(comparison));
        }
        for (SubjectComparison one : comparison.subjects()) {
            for (QuantileChange change : one.quantiles()) {
                test(
                        one.subject().container(),
                        Changes.operation(one.subject()) + " " + Changes.quantile(change.quantile()));
                outcome(change);
            }
        }
        xml.element("system-out", Headline.of(comparison)).newLine();
        xml.close().newLine().close().newLine();
    }

    private long count(Predicate<Verdict> which) {
        return comparison.subjects().stream()
                .flatMap(one -> one.quantiles().stream())
                .map(QuantileChange::verdict)
                .filter(which)
                .count();
    }

    private void properties() throws IOException {
        xml.open("properties").newLine();
        property("before", comparison.before().file());
        property("after", comparison.after().file());
        for (OtherChange change : comparison.changes()) {
            property(change.what(), change.before() + " → " + change.after());
        }
        xml.close().newLine();
    }

    private void property(String name, String value) throws IOException {
        xml.empty("property", "name", name, "value", value).newLine();
    }

    private void test(String group, String name) throws IOException {
        xml.open("testcase", "classname", group, "name", name, "time", "0");
    }

    private void outcome(QuantileChange change) throws IOException {
        switch (change.verdict()) {
            case REGRESSED -> told("failure", "regression", figures(change));
            case NOT_ENOUGH_DATA ->
                xml.empty("skipped", "message", Changes.verdict(change, comparison))
                        .close()
                        .newLine();
            case IMPROVED, NO_CHANGE ->
                xml.element("system-out", Changes.verdict(change, comparison) + ": " + figures(change))
                        .close()
                        .newLine();
        }
    }

    private void told(String element, String type, String message) throws IOException {
        xml.empty(element, "type", type, "message", message).close().newLine();
    }

    private static String figures(QuantileChange change) {
        return "from " + Changes.latency(change.beforeNs()) + " to " + Changes.latency(change.afterNs()) + ", "
                + Changes.percent(change.ratio()) + " (" + Changes.interval(change.low(), change.high()) + ")";
    }
}
