package dev.writescope.recording;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** What is wrong with a line; the reader adds the file and the line number. */
final class MalformedLineException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    MalformedLineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    MalformedLineException(String message) {
        this(message, null);
    }
}
