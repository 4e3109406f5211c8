package dev.writescope.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** One line of {@code explain --format json}, by its own names. */
record Note(Map<String, Object> fields) {
    private static final JsonFactory JSON = new JsonFactory();

    static List<Note> parse(String output) {
        return output.lines()
                .filter(line -> line.startsWith("{"))
                .map(Note::line)
                .filter(note -> note.text("type").equals("explanation"))
                .toList();
    }

    private static Note line(String line) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
            parser.nextToken();
            return new Note(object(parser));
        }
    }

    private static Map<String, Object> object(JsonParser parser) {
        var fields = new LinkedHashMap<String, Object>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(parser));
        }
        return fields;
    }

    private static Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                var elements = new ArrayList<Object>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser));
                }
                yield elements;
            }
            default -> parser.getString();
        };
    }

    /** "" if absent. */
    String text(String name) {
        return fields.getOrDefault(name, "").toString();
    }

    long number(String name) {
        return Long.parseLong(text(name));
    }

    /** An object; an empty one if absent. */
    @SuppressWarnings("unchecked")
    Note object(String name) {
        return new Note((Map<String, Object>) fields.getOrDefault(name, Map.of()));
    }

    /** The objects of an array. */
    @SuppressWarnings("unchecked")
    List<Note> all(String name) {
        var elements = (List<Map<String, Object>>) fields.getOrDefault(name, List.of());
        return elements.stream().map(Note::new).toList();
    }
}
