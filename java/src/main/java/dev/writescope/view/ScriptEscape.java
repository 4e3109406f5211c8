package dev.writescope.view;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;

/** For JSON inside an HTML page: nothing in it can end the script element or begin markup. */
final class ScriptEscape extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    private static final int[] ESCAPES = escapes();

    private static int[] escapes() {
        int[] escapes = standardAsciiEscapesForJSON();
        for (char c : "<>&'\u007f".toCharArray()) {
            escapes[c] = ESCAPE_STANDARD;
        }
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
