package dev.writescope.probe;

import java.util.Locale;

/** The part of a block request's time; operations other than block have only {@link #TOTAL}. */
public enum Stage {
    /** From its allocation until it was handed to the device. */
    QUEUE,
    /** From the hand-over to the device until it completed. */
    DEVICE,
    TOTAL;

    private static final Stage[] BY_CODE = values();

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A number for it where no object may be made. */
    @SuppressWarnings("EnumOrdinal")
    public int code() {
        return ordinal();
    }

    /**
     * The stage that a code stands for.
     *
     * @throws IndexOutOfBoundsException for a code that is none
     */
    public static Stage ofCode(int code) {
        return BY_CODE[code];
    }
}
