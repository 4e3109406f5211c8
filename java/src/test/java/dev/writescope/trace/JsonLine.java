package dev.writescope.trace;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** One line of {@code --format json}: values by name, those of objects within as "lost.fsync"; arrays are left out. */
record JsonLine(Map<String, String> fields) {
    private static final JsonFactory JSON = new JsonFactory();

    static JsonLine parse(String line) {
        var fields = new LinkedHashMap<String, String>();
        var path = new ArrayDeque<String>();
        String name = "";
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case PROPERTY_NAME -> name = parser.currentName();
                    case START_OBJECT -> path.addLast(path.isEmpty() ? "" : name + ".");
                    case END_OBJECT -> path.removeLast();
                    case START_ARRAY -> parser.skipChildren();
                    default -> fields.put(String.join("", path) + name, parser.getString());
                }
            }
        }
        return new JsonLine(fields);
    }

    /** "" if absent. */
    String text(String name) {
        return fields.getOrDefault(name, "");
    }

    long number(String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new AssertionError("no " + name + " in " + fields);
        }
        return Long.parseLong(value);
    }

    boolean is(String name, String value) {
        return text(name).equals(value);
    }
}
