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
        // Those that could not be told apart from noise did not pass.
        var judged = undecided ? List.<Judgement>of() : result.judgements();
        xml.writeStartDocument("UTF-8", "1.0");
        newLine();
        xml.writeStartElement("testsuites");
        newLine();
        xml.writeStartElement("testsuite");
        attribute("name", SUITE);
        attribute("tests", Integer.toString(Math.max(1, judged.size())));
        attribute(
                "failures", Long.toString(judged.stream().filter(Judgement::red).count()));
        attribute("errors", undecided ? "1" : "0");
        newLine();
        for (Judgement judgement : judged) {
            test(judgement.name(), judgement.red() ? "failure" : "", figures(judgement));
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
