package dev.writescope.probe;

import java.util.Locale;

/** What is timed. The label is the name in options, JSON and recordings. */
public enum Operation {
    FSYNC,
    WRITE,
    BLOCK;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
