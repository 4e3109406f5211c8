package dev.writescope.probe;

import java.util.Locale;

/** The part of a block request's time; operations other than block have only {@link #TOTAL}. */
public enum Stage {
    /** From its allocation until it was handed to the device. */
    QUEUE,
    /** From the hand-over to the device until it completed. */
    DEVICE,
    TOTAL;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
