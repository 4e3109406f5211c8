package dev.writescope.container;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Streams the strings of a JSON document, each with its path. What a document may cost is bounded. */
final class JsonStrings {
    private static final int MAX_BYTES = 8 << 20;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxStringLength(1 << 20)
                    .build())
            .build();

    private JsonStrings() {}

    @FunctionalInterface
    interface Sink {
        /**
         * Takes one string.
         *
         * @param path the names that lead to it, positions for arrays; valid until this returns
         */
        void string(List<String> path, String value);
    }

    /**
     * Gives the strings of a file, in their order, those before a malformed place too.
     *
     * @throws IOException if there is no such regular file, it is too long or malformed
     */
    static void read(Path file, Sink sink) throws IOException {
        byte[] content = BoundedFile.read(file, MAX_BYTES);
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), content)) {
            read(parser, sink);
        } catch (JacksonException e) {
            throw new IOException(file + " is not the JSON expected", e);
        }
    }

    /** Gives the strings of a text, those before a malformed place too. */
    static void readText(String text, Sink sink) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            read(parser, sink);
        } catch (JacksonException e) {
            // Such a text is a value in somebody's file: what could be read is all it says.
        }
    }

    private static void read(JsonParser parser, Sink sink) {
        List<String> path = new ArrayList<>();
        List<String> view = Collections.unmodifiableList(path);
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.PROPERTY_NAME || token.isStructEnd()) {
                continue;
            }
            // A container's own context is pushed when it starts: its place is the parent's.
            var context = parser.streamReadContext();
            var place = token.isStructStart() ? context.getParent() : context;
            int depth = place == null ? 0 : place.getNestingDepth();
            while (path.size() >= Math.max(depth, 1)) {
                path.removeLast();
            }
            if (place != null && depth > 0) {
                path.add(place.inObject() ? place.currentName() : Integer.toString(place.getCurrentIndex()));
            }
            if (token == JsonToken.VALUE_STRING) {
                sink.string(view, parser.getString());
            }
        }
    }
}
