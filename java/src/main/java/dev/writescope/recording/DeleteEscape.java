package dev.writescope.recording;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;

/** Escapes U+007F too: it is ASCII and JSON lets it pass, but it is a control character. */
public final class DeleteEscape extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    private static final int[] ESCAPES = escapes();

    private static int[] escapes() {
        int[] escapes = standardAsciiEscapesForJSON();
        escapes[0x7f] = ESCAPE_STANDARD;
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
