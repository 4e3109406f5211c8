package dev.writescope.view;

/** What a person pressed. */
sealed interface Key {
    record Char(char value) implements Key {}

    enum Special implements Key {
        UP,
        DOWN,
        LEFT,
        RIGHT,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        ENTER,
        ESCAPE,
        BACKSPACE,
        DELETE,
        /** A key without a meaning here. */
        OTHER
    }
}
