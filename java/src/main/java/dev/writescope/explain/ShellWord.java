package dev.writescope.explain;

import java.nio.charset.StandardCharsets;

/** Text from containers in lines that somebody pastes into a shell, YAML, an option's list or fstab. */
final class ShellWord {
    private static final String HARMLESS = "-_./:@%+=,";
    /** What a shell looks at between double quotes, and what a CI service does. */
    private static final String EXPANDED = "$`!#";

    private ShellWord() {}

    /**
     * One word of a POSIX shell that means {@code text} and nothing else. Whatever could not be seen or would end the line
     * is written as bash's {@code $'\x1b'}, as is what a CI service would obey, which is not printed as it is.
     */
    static String quote(String text) {
        if (!text.isEmpty() && text.codePoints().allMatch(ShellWord::isHarmless) && !text.startsWith("-")) {
            return text;
        }
        boolean visible = text.codePoints().allMatch(ShellWord::isVisible) && !text.contains("##");
        return visible ? "'" + text.replace("'", "'\\''") + "'" : ansi(text);
    }

    private static String ansi(String text) {
        StringBuilder quoted = new StringBuilder("$'");
        text.codePoints().forEach(c -> {
            if (c == '\'' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (isVisible(c) && c != '#') {
                quoted.appendCodePoint(c);
            } else {
                quoted.append(String.format(c > 0xffff ? "\\U%08x" : "\\u%04x", c));
            }
        });
        return quoted.append('\'').toString();
    }

    /** A double-quoted string of YAML and JSON alike, and harmless where it is pasted into a shell by mistake. */
    static String yaml(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (isVisible(c) && EXPANDED.indexOf(c) < 0) {
                quoted.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    quoted.append(String.format("\\u%04x", (int) unit));
                }
            }
        });
        return quoted.append('"').toString();
    }

    /** A field among others with commas between them, as --mount takes it: another "src=" in it stays a part of it. */
    static String field(String text) {
        return text.matches("(?s).*[,\"\\s].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    /** A field of /etc/fstab, with octal numbers for whatever ends it, or means something to a shell. */
    static String fstab(String text) {
        StringBuilder field = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isHarmless(c)) {
                field.appendCodePoint(c);
            } else {
                for (byte octet : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    field.append(String.format("\\%03o", octet & 0xff));
                }
            }
        });
        return field.toString();
    }

    private static boolean isHarmless(int c) {
        return c < 0x7f && (Character.isLetterOrDigit(c) || HARMLESS.indexOf(c) >= 0);
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
