package dev.writescope.gate;

import java.io.Serial;

/** Neither green nor red can be said. The message says why and what to do. */
final class NoVerdictException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    NoVerdictException(String message) {
        super(message);
    }
}
