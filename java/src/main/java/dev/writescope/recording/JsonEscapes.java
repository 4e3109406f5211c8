package dev.writescope.recording;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;

/** Escapes characters that JSON lets pass, for where JSON is within something else. */
public final class JsonEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    private final int[] escapes;

    /** @param also the ASCII characters to escape beside those of JSON itself */
    public JsonEscapes(String also) {
        escapes = standardAsciiEscapesForJSON();
        also.chars().forEach(each -> escapes[each] = ESCAPE_STANDARD);
    }

    /** U+007F, a control character, and #, as CI services obey what follows ## anywhere in a line of a log. */
    public static JsonEscapes forLogs() {
        return new JsonEscapes("\u007f#");
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        return escapes.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
        return null;
    }
}
