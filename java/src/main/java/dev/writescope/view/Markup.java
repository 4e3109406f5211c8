package dev.writescope.view;

import java.io.IOException;
import java.io.Writer;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes elements of XML or HTML. No text can become markup: it is printable, and escaped by the JDK's writer. */
final class Markup {
    private final XMLStreamWriter xml;
    private final Writer out;

    private Markup(XMLStreamWriter xml, Writer out) {
        this.xml = xml;
        this.out = out;
    }

    static Markup to(Writer out) throws IOException {
        try {
            return new Markup(XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out), out);
        } catch (XMLStreamException failed) {
            throw cause(failed);
        }
    }

    /** Opens an element; attributes are names and values in turn. */
    Markup open(String name, String... attributes) throws IOException {
        return doing(() -> {
            xml.writeStartElement(name);
            attributes(attributes);
        });
    }

    /** An element that has no content and no end. */
    Markup empty(String name, String... attributes) throws IOException {
        return doing(() -> {
            xml.writeEmptyElement(name);
            attributes(attributes);
        });
    }

    Markup text(String text) throws IOException {
        return doing(() -> xml.writeCharacters(Printable.of(text)));
    }

    Markup close() throws IOException {
        return doing(xml::writeEndElement);
    }

    /** An element with a text in it. */
    Markup element(String name, String text, String... attributes) throws IOException {
        return open(name, attributes).text(text).close();
    }

    Markup newLine() throws IOException {
        return doing(() -> xml.writeCharacters("\n"));
    }

    /** Markup of our own, as it is. */
    Markup raw(String markup) throws IOException {
        doing(() -> {
            xml.writeCharacters(""); // ends the tag before it
            xml.flush();
        });
        out.write(markup);
        return this;
    }

    void flush() throws IOException {
        doing(xml::flush);
        out.flush();
    }

    private void attributes(String... attributes) throws XMLStreamException {
        for (int i = 0; i < attributes.length; i += 2) {
            xml.writeAttribute(attributes[i], Printable.of(attributes[i + 1]));
        }
    }

    private interface Step {
        void run() throws XMLStreamException;
    }

    private Markup doing(Step step) throws IOException {
        try {
            step.run();
            return this;
        } catch (XMLStreamException failed) {
            throw cause(failed);
        }
    }

    private static IOException cause(XMLStreamException failed) {
        return failed.getNestedException() instanceof IOException cause ? cause : new IOException(failed);
    }
}
