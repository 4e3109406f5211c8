package dev.writescope.cli;

/** What the process tells its caller; the same for every command. */
final class ExitCode {
    static final int FINE = 0;
    /** A regression was found. */
    static final int REGRESSION = 1;
    /** Wrong usage, unreadable input, output that cannot be written. */
    static final int USAGE = 2;
    /** This host cannot be traced. */
    static final int HOST = 3;
    /** Too little data, or events lost. */
    static final int NO_VERDICT = 4;

    private ExitCode() {}
}
