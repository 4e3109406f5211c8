package dev.writescope.recording;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The members of a JSON object from a file: every access checks type and range, unknown members are ignored. */
record Fields(Map<?, ?> members) {
    /** The years in which nanoseconds since the epoch fit 64 bits. */
    private static final Instant LAST_INSTANT = Instant.parse("2262-01-01T00:00:00Z");

    /** A string, "" when absent. */
    String string(String name) throws MalformedLineException {
        return switch (members.get(name)) {
            case null -> "";
            case String text -> text;
            default -> throw expected(name, "a string");
        };
    }

    long integer(String name, long min, long max) throws MalformedLineException {
        return inRange(name, members.get(name), min, max);
    }

    static long inRange(String name, @Nullable Object value, long min, long max) throws MalformedLineException {
        if (value instanceof Long number && number >= min && number <= max) {
            return number;
        }
        throw expected(name, "an integer" + (min == Long.MIN_VALUE ? "" : " from " + min + " to " + max));
    }

    /** A number that is not negative. */
    double decimal(String name) throws MalformedLineException {
        if (members.get(name) instanceof Number number
                && Double.isFinite(number.doubleValue())
                && number.doubleValue() >= 0) {
            return number.doubleValue();
        }
        throw expected(name, "a number that is not negative");
    }

    /** The same, not-a-number when absent. */
    double decimalIfThere(String name) throws MalformedLineException {
        return has(name) ? decimal(name) : Double.NaN;
    }

    boolean flag(String name) throws MalformedLineException {
        if (members.get(name) instanceof Boolean flag) {
            return flag;
        }
        throw expected(name, "true or false");
    }

    Instant instant(String name) throws MalformedLineException {
        try {
            Instant instant = Instant.parse(string(name));
            if (!instant.isBefore(Instant.EPOCH) && instant.isBefore(LAST_INSTANT)) {
                return instant;
            }
        } catch (DateTimeException e) {
            throw new MalformedLineException("\"" + name + "\" is not a time such as 2026-11-24T06:00:00Z", e);
        }
        throw expected(name, "a time between 1970 and 2262");
    }

    Duration nanoseconds(String name) throws MalformedLineException {
        return Duration.ofNanos(integer(name, 0, Long.MAX_VALUE));
    }

    Fields object(String name) throws MalformedLineException {
        if (members.get(name) instanceof Map<?, ?> object) {
            return new Fields(object);
        }
        throw expected(name, "an object");
    }

    /** Objects, none when absent. */
    List<Fields> objects(String name) throws MalformedLineException {
        List<Fields> objects = new ArrayList<>();
        for (Object element : list(name)) {
            if (!(element instanceof Map<?, ?> object)) {
                throw expected(name, "an array of objects");
            }
            objects.add(new Fields(object));
        }
        return objects;
    }

    /** Strings, none when absent. */
    List<String> strings(String name) throws MalformedLineException {
        List<String> strings = new ArrayList<>();
        for (Object element : list(name)) {
            if (!(element instanceof String text)) {
                throw expected(name, "an array of strings");
            }
            strings.add(text);
        }
        return List.copyOf(strings);
    }

    private List<?> list(String name) throws MalformedLineException {
        return switch (members.get(name)) {
            case null -> List.of();
            case List<?> list -> list;
            default -> throw expected(name, "an array");
        };
    }

    /** Durations by name, in the file's order; none when absent. */
    Map<String, Long> nanosecondsByName(String name) throws MalformedLineException {
        Map<String, Long> durations = new LinkedHashMap<>();
        if (members.containsKey(name)) {
            for (Map.Entry<?, ?> member : object(name).members().entrySet()) {
                String key = String.valueOf(member.getKey());
                durations.put(key, inRange(key, member.getValue(), Long.MIN_VALUE, Long.MAX_VALUE));
            }
        }
        return durations;
    }

    /** Strings by name, in the file's order; none when absent. */
    Map<String, String> stringsByName(String name) throws MalformedLineException {
        Map<String, String> strings = new LinkedHashMap<>();
        if (has(name)) {
            Fields object = object(name);
            for (Object key : object.members().keySet()) {
                strings.put(String.valueOf(key), object.string(String.valueOf(key)));
            }
        }
        return Map.copyOf(strings);
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    /** The value among {@code values} whose label the member is. */
    <T> T oneOf(String name, T[] values, Function<T, String> label) throws MalformedLineException {
        String text = string(name);
        return Arrays.stream(values)
                .filter(value -> label.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> new MalformedLineException("unknown " + name + " \"" + text + "\""));
    }

    private static MalformedLineException expected(String name, String what) {
        return new MalformedLineException("\"" + name + "\" must be " + what);
    }
}
