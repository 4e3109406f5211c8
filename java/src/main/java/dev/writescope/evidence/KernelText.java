package dev.writescope.evidence;

import dev.writescope.container.BoundedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The shapes that the kernel's files have: a number, words, {@code name=value}. Malformed parts are left out. */
final class KernelText {
    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern BLANKS = Pattern.compile("[ \t]+");
    static final Pattern DEVICE = Pattern.compile("[0-9]{1,10}:[0-9]{1,10}");

    private KernelText() {}

    static String read(Path file) throws IOException {
        return BoundedFile.readText(file, MAX_BYTES);
    }

    /** The content without blanks around it; empty if it cannot be read. */
    static String readOrEmpty(Path file) {
        try {
            return read(file).strip();
        } catch (IOException absent) {
            return "";
        }
    }

    /** The words of each line that has any. */
    static List<String[]> lines(String text) {
        List<String[]> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String stripped = line.strip();
            if (!stripped.isEmpty()) {
                lines.add(BLANKS.split(stripped));
            }
        }
        return lines;
    }

    /** The numbers of {@code name=value} words by name, from a position on. */
    static Map<String, Long> numbers(String[] words, int from) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (int i = from; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            long value = equals < 1 ? -1 : number(words[i].substring(equals + 1));
            if (value >= 0) {
                numbers.put(words[i].substring(0, equals), value);
            }
        }
        return numbers;
    }

    /** The numbers of lines {@code name value}, a colon behind the name left out. */
    static Map<String, Long> numbersByLine(String text) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        for (String[] words : lines(text)) {
            long value = words.length < 2 ? -1 : number(words[1]);
            if (value >= 0) {
                numbers.putIfAbsent(
                        words[0].endsWith(":") ? words[0].substring(0, words[0].length() - 1) : words[0], value);
            }
        }
        return numbers;
    }

    /** A decimal number of at most 63 bits; -1 if it is none. */
    static long number(String text) {
        if (text.isEmpty() || text.length() > 20 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException beyond) {
            return -1;
        }
    }
}
