package dev.writescope.explain;

/** Text from containers in lines that somebody pastes into a shell, or into YAML. */
final class ShellWord {
    private static final String HARMLESS = "-_./:@%+=,";

    private ShellWord() {}

    /**
     * One word of a POSIX shell that means {@code text} and nothing else. Whatever could not be seen or would end the line
     * is written as bash's {@code $'\x1b'}.
     */
    static String quote(String text) {
        if (!text.isEmpty() && text.codePoints().allMatch(ShellWord::isHarmless) && !text.startsWith("-")) {
            return text;
        }
        boolean visible = text.codePoints().allMatch(ShellWord::isVisible);
        return visible ? "'" + text.replace("'", "'\\''") + "'" : ansi(text);
    }

    private static String ansi(String text) {
        StringBuilder quoted = new StringBuilder("$'");
        text.codePoints().forEach(c -> {
            if (c == '\'' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (isVisible(c)) {
                quoted.appendCodePoint(c);
            } else {
                quoted.append(String.format(c > 0xffff ? "\\U%08x" : "\\u%04x", c));
            }
        });
        return quoted.append('\'').toString();
    }

    /** A double-quoted string of YAML and JSON alike. */
    static String yaml(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (isVisible(c)) {
                quoted.appendCodePoint(c);
            } else {
                for (char unit : Character.toChars(c)) {
                    quoted.append(String.format("\\u%04x", (int) unit));
                }
            }
        });
        return quoted.append('"').toString();
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
