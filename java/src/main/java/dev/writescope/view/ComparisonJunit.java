package dev.writescope.view;

import dev.writescope.compare.Comparison;
import dev.writescope.compare.QuantileChange;
import dev.writescope.compare.SubjectComparison;
import dev.writescope.compare.Verdict;
import java.io.IOException;
import java.io.OutputStream;
import java.time.temporal.ChronoUnit;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * A comparison as JUnit XML, which CI systems show as tests: one for each subject and quantile, failed when it
 * regressed, skipped when there is not enough data; when nothing can be judged, one with an error.
 */
public final class ComparisonJunit {
    private final XMLStreamWriter xml;

    private ComparisonJunit(XMLStreamWriter xml) {
        this.xml = xml;
    }

    /** Writes UTF-8; does not close {@code out}. */
    public static void write(Comparison comparison, OutputStream out) throws IOException {
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
            new ComparisonJunit(xml).document(comparison);
            xml.close();
            out.flush();
        } catch (XMLStreamException failed) {
            throw failed.getNestedException() instanceof IOException cause ? cause : new IOException(failed);
        }
    }

    private void document(Comparison comparison) throws XMLStreamException {
        String obstacle = comparison.verdict() == Verdict.NOT_ENOUGH_DATA ? Headline.of(comparison) : "";
        xml.writeStartDocument("UTF-8", "1.0");
        newLine();
        xml.writeStartElement("testsuites");
        newLine();
        xml.writeStartElement("testsuite");
        attribute("name", "writescope compare");
        attribute("tests", count(comparison, null) + (obstacle.isEmpty() ? 0 : 1));
        attribute("failures", count(comparison, Verdict.REGRESSED));
        attribute("errors", obstacle.isEmpty() ? 0 : 1);
        attribute("skipped", count(comparison, Verdict.NOT_ENOUGH_DATA));
        attribute("time", comparison.after().duration().toMillis() / 1e3);
        attribute(
                "timestamp",
                comparison
                        .after()
                        .start()
                        .time()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .toString()
                        .replace("Z", ""));
        attribute("hostname", comparison.after().start().host());
        newLine();
        properties(comparison);
        if (!obstacle.isEmpty()) {
            open("writescope", "comparison");
            told("error", "no verdict", obstacle);
            close();
        }
        for (SubjectComparison one : comparison.subjects()) {
            for (QuantileChange change : one.quantiles()) {
                test(one, change, comparison);
            }
        }
        xml.writeStartElement("system-out");
        xml.writeCharacters(Printable.of(Headline.of(comparison)));
        xml.writeEndElement();
        newLine();
        xml.writeEndElement();
        newLine();
        xml.writeEndElement();
        newLine();
        xml.writeEndDocument();
    }

    private static long count(Comparison comparison, @Nullable Verdict verdict) {
        return comparison.subjects().stream()
                .flatMap(one -> one.quantiles().stream())
                .filter(change -> verdict == null || change.verdict() == verdict)
                .count();
    }

    private void properties(Comparison comparison) throws XMLStreamException {
        xml.writeStartElement("properties");
        newLine();
        property("before", comparison.before().file());
        property("after", comparison.after().file());
        for (var change : comparison.changes()) {
            property(change.what(), change.before() + " → " + change.after());
        }
        xml.writeEndElement();
        newLine();
    }

    private void property(String name, String value) throws XMLStreamException {
        xml.writeEmptyElement("property");
        attribute("name", name);
        attribute("value", value);
        newLine();
    }

    private void test(SubjectComparison one, QuantileChange change, Comparison comparison) throws XMLStreamException {
        open(one.subject().container(), Changes.operation(one.subject()) + " " + Changes.quantile(change.quantile()));
        switch (change.verdict()) {
            case REGRESSED -> told("failure", "regression", figures(change));
            case NOT_ENOUGH_DATA ->
                skipped(change.reason().isEmpty() ? Changes.verdict(change, comparison.rules()) : change.reason());
            case IMPROVED, NO_CHANGE -> {
                xml.writeStartElement("system-out");
                xml.writeCharacters(Printable.of(Changes.verdict(change, comparison.rules()) + ": " + figures(change)));
                xml.writeEndElement();
            }
        }
        close();
    }

    private static String figures(QuantileChange change) {
        return "from " + Changes.latency(change.beforeNs()) + " to " + Changes.latency(change.afterNs()) + ", "
                + Changes.percent(change.ratio()) + " (" + Changes.interval(change.low(), change.high()) + ")";
    }

    private void open(String group, String name) throws XMLStreamException {
        xml.writeStartElement("testcase");
        attribute("classname", group);
        attribute("name", name);
        attribute("time", 0);
    }

    private void close() throws XMLStreamException {
        xml.writeEndElement();
        newLine();
    }

    private void told(String element, String type, String message) throws XMLStreamException {
        xml.writeEmptyElement(element);
        attribute("type", type);
        attribute("message", message);
    }

    private void skipped(String message) throws XMLStreamException {
        xml.writeEmptyElement("skipped");
        attribute("message", message);
    }

    private void attribute(String name, Number value) throws XMLStreamException {
        attribute(name, value.toString());
    }

    /** What is printable is legal in XML too. */
    private void attribute(String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, Printable.of(value));
    }

    private void newLine() throws XMLStreamException {
        xml.writeCharacters("\n");
    }
}
