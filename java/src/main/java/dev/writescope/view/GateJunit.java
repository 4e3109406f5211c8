package dev.writescope.view;

import dev.writescope.gate.GateResult;
import dev.writescope.gate.Judgement;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A gate's verdict as JUnit XML: a test for each latency that was judged, and one with an error for no verdict. */
public final class GateJunit {
    private static final String SUITE = "writescope gate";

    private final XMLStreamWriter xml;

    private GateJunit(XMLStreamWriter xml) {
        this.xml = xml;
    }

    /** Writes UTF-8; does not close {@code out}. */
    public static void write(GateResult result, OutputStream out) throws IOException {
        try {
            XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, "UTF-8");
            new GateJunit(xml).document(result);
            xml.close();
            out.flush();
        } catch (XMLStreamException failed) {
            throw failed.getNestedException() instanceof IOException cause ? cause : new IOException(failed);
        }
    }

    private void document(GateResult result) throws XMLStreamException {
        boolean undecided = result.outcome() == GateResult.Outcome.NO_VERDICT;
        List<Judgement> judged = result.judgements().stream()
                .filter(each -> each.colour() != Judgement.Colour.NOT_JUDGED)
                .toList();
        xml.writeStartDocument("UTF-8", "1.0");
        newLine();
        xml.writeStartElement("testsuites");
        newLine();
        xml.writeStartElement("testsuite");
        attribute("name", SUITE);
        attribute("tests", Integer.toString(Math.max(1, judged.size())));
        attribute("failures", count(judged, Judgement.Colour.RED));
        attribute("errors", undecided && judged.isEmpty() ? "1" : count(judged, Judgement.Colour.UNKNOWN));
        newLine();
        for (Judgement judgement : judged) {
            String fault = switch (judgement.colour()) {
                case RED -> "failure";
                case UNKNOWN -> "error";
                case GREEN, NOT_JUDGED -> "";
            };
            test(judgement.name(), fault, figures(judgement));
        }
        if (judged.isEmpty()) {
            test("verdict", undecided ? "error" : "", result.headline());
        }
        xml.writeEndElement();
        newLine();
        xml.writeEndElement();
        newLine();
        xml.writeEndDocument();
    }

    private static String count(List<Judgement> judged, Judgement.Colour colour) {
        return Long.toString(
                judged.stream().filter(each -> each.colour() == colour).count());
    }

    private static String figures(Judgement judgement) {
        GateRow row = new GateRow(judgement.name(), judgement.change(), "");
        return "from " + row.baseline() + " to " + row.candidate() + ", " + row.ratio() + " (" + row.between() + ")";
    }

    /** @param fault "failure", "error", or "" for a test that passed */
    private void test(String name, String fault, String message) throws XMLStreamException {
        xml.writeStartElement("testcase");
        attribute("classname", SUITE);
        attribute("name", name);
        if (fault.isEmpty()) {
            xml.writeStartElement("system-out");
            xml.writeCharacters(Printable.of(message));
            xml.writeEndElement();
        } else {
            xml.writeEmptyElement(fault);
            attribute("message", message);
        }
        xml.writeEndElement();
        newLine();
    }

    /** What is printable is legal in XML too. */
    private void attribute(String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, Printable.of(value));
    }

    private void newLine() throws XMLStreamException {
        xml.writeCharacters("\n");
    }
}
