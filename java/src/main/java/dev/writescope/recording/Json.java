package dev.writescope.recording;

import java.io.StringWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/** JSON in one line of ASCII: no name can break a line or reach a terminal unescaped. */
final class Json {
    /** Non-ASCII is escaped because java.util.Scanner, which HdrHistogram reads with, ends lines at U+2028 too. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .characterEscapes(JsonEscapes.forLogs())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNumberLength(40)
                    .maxStringLength(Format.MAX_LINE_BYTES)
                    .build())
            .build();

    private Json() {}

    /** One object, its members written by {@code members}. */
    static String object(Consumer<JsonGenerator> members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        }
        return text.toString();
    }

    static Fields parseObject(String text) throws MalformedLineException {
        if (parse(text) instanceof Map<?, ?> members) {
            return new Fields(members);
        }
        throw new MalformedLineException("a JSON object is expected");
    }

    static List<?> parseArray(String text) throws MalformedLineException {
        if (parse(text) instanceof List<?> elements) {
            return elements;
        }
        throw new MalformedLineException("a JSON array is expected");
    }

    private static Object parse(String text) throws MalformedLineException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            Object value = value(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw new MalformedLineException("there is text after the JSON");
            }
            return value;
        } catch (JacksonException e) {
            throw new MalformedLineException("the JSON is malformed: " + e.getOriginalMessage(), e);
        }
    }

    /** Maps, lists, strings, longs, doubles and booleans; depth is bounded by the factory's constraints. */
    private static Object value(JsonParser parser, JsonToken token) throws MalformedLineException {
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    members.put(name, value(parser, parser.nextToken()));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<Object> elements = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    elements.add(value(parser, next));
                }
                yield elements;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> integer(parser.getNumberValue());
            case VALUE_NUMBER_FLOAT -> Double.parseDouble(parser.getString());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case null, default -> throw new MalformedLineException("a JSON value is missing");
        };
    }

    private static Object integer(Number number) throws MalformedLineException {
        if (number instanceof BigInteger) {
            throw new MalformedLineException("a number is beyond 64 bits");
        }
        return number.longValue();
    }
}
