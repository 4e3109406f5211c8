package dev.writescope.cli;

/** The user asked for something that is not there. The message is one line: what is wrong, what to do. */
final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
