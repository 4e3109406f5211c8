package dev.writescope.recording;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A recording cannot be written or read. The message is one line that names the file and says what to do. */
public final class RecordingException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    /** A message may quote a file that is hostile. */
    private static final int MAX_CHARS = 1000;

    RecordingException(String message, @Nullable Throwable cause) {
        super(singleLine(message), cause);
    }

    RecordingException(String message) {
        this(message, null);
    }

    private static String singleLine(String message) {
        StringBuilder line = new StringBuilder();
        message.codePoints().limit(MAX_CHARS).forEach(c -> line.appendCodePoint(isSafe(c) ? c : '\uFFFD'));
        return line.toString();
    }

    /** File names and file contents end up in messages; a terminal must not obey them. */
    private static boolean isSafe(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
