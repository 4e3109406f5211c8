package dev.writescope.view;

import dev.writescope.container.Container;
import org.jline.utils.WCWidth;

/**
 * Text from containers, made safe for a terminal: it cannot move the cursor, set colours or reorder a line. Nor can it
 * command a CI service that reads the log: those obey lines that begin with {@code ::} and whatever follows {@code ##}.
 */
public final class Printable {
    private Printable() {}

    /**
     * Shows control characters, terminal escapes, invisible formats, line separators and broken surrogates as
     * {@code \x{1b}}, and so the first character of a command. A backslash stays as it is: systemd units are full of them.
     */
    public static String of(String text) {
        int colons = colons(text);
        if (colons < 0 && !text.contains("##") && text.codePoints().allMatch(Printable::harmless)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(text.length() + 16);
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            if (harmless(codePoint) && at != colons && !text.startsWith("##", at)) {
                safe.appendCodePoint(codePoint);
            } else {
                escape(codePoint, safe);
            }
            at += Character.charCount(codePoint);
        }
        return safe.toString();
    }

    /** Where text that may begin a line has the two colons of a command; -1 if nowhere. */
    private static int colons(String text) {
        String line = text.stripLeading();
        return line.startsWith("::") ? text.length() - line.length() : -1;
    }

    /** Appends a character as it is told where it cannot be shown. */
    public static void escape(int codePoint, StringBuilder out) {
        out.append("\\x{").append(Integer.toHexString(codePoint)).append('}');
    }

    /** The name a person knows the owner by; host processes with the unit they belong to. */
    static String of(Container container) {
        return of(
                container.service().isEmpty()
                        ? container.displayName()
                        : container.displayName() + "/" + container.service());
    }

    /** The columns that {@code text} takes on a terminal. */
    static int width(String text) {
        return text.codePoints().map(Printable::width).sum();
    }

    /** The longest beginning of {@code text} that fits, ending in … when something was cut off. */
    static String clip(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder kept = new StringBuilder(columns);
        int left = columns - 1;
        for (int at = 0; at < text.length() && left > 0; ) {
            int codePoint = text.codePointAt(at);
            left -= width(codePoint);
            if (left < 0) {
                break;
            }
            kept.appendCodePoint(codePoint);
            at += Character.charCount(codePoint);
        }
        return columns < 1 ? "" : kept.append('…').toString();
    }

    /** As clip, with … in the middle: of pod names that share a beginning, the end tells them apart. */
    static String squeeze(String text, int columns) {
        if (width(text) <= columns || columns < 3) {
            return clip(text, columns);
        }
        String beginning = clip(text, (columns + 1) / 2);
        int at = text.length();
        int left = columns - width(beginning);
        while (at > 0 && left >= width(text.codePointBefore(at))) {
            int codePoint = text.codePointBefore(at);
            left -= width(codePoint);
            at -= Character.charCount(codePoint);
        }
        return beginning + text.substring(at);
    }

    /** {@code text} clipped and filled with spaces to exactly {@code columns}. */
    static String left(String text, int columns) {
        String clipped = clip(text, columns);
        return clipped + " ".repeat(Math.max(0, columns - width(clipped)));
    }

    static String right(String text, int columns) {
        String clipped = clip(text, columns);
        return " ".repeat(Math.max(0, columns - width(clipped))) + clipped;
    }

    private static int width(int codePoint) {
        return Math.max(0, WCWidth.wcwidth(codePoint));
    }

    private static boolean harmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
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
