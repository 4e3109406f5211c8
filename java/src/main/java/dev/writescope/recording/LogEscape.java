package dev.writescope.recording;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;

/**
 * Escapes two characters that JSON lets pass: U+007F, a control character, and #, as CI services obey what follows ##
 * anywhere in a line of a log.
 */
public final class LogEscape extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    private static final int[] ESCAPES = escapes();

    private static int[] escapes() {
        int[] escapes = standardAsciiEscapesForJSON();
        escapes[0x7f] = ESCAPE_STANDARD;
        escapes['#'] = ESCAPE_STANDARD;
        return escapes;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        return ESCAPES.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
        return null;
    }
}
