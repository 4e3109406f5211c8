package dev.writescope.view;

import java.io.EOFException;
import java.io.IOException;
import org.jline.utils.NonBlockingReader;

/** Tells keys from the bytes a terminal sends: a lone Escape from the start of an arrow key by the time between. */
final class KeyReader {
    private static final char ESCAPE = 27;
    /** Not forever: JLine reads without a limit while it holds the lock that closing the terminal needs. */
    private static final long KEY_WAIT_MS = 1000;

    private static final long ESCAPE_WAIT_MS = 50;
    private static final int LONGEST_SEQUENCE = 16;

    private final NonBlockingReader in;

    KeyReader(NonBlockingReader in) {
        this.in = in;
    }

    /** Waits for a key. Throws IOException when the terminal is gone. */
    Key read() throws IOException {
        int first = in.read(KEY_WAIT_MS);
        while (first == NonBlockingReader.READ_EXPIRED) {
            first = in.read(KEY_WAIT_MS);
        }
        return switch (first) {
            case NonBlockingReader.EOF -> throw new EOFException("the terminal is gone");
            case '\r', '\n' -> Key.Special.ENTER;
            case 8, 127 -> Key.Special.BACKSPACE;
            case ESCAPE -> escape();
            default -> new Key.Char((char) first);
        };
    }

    private Key escape() throws IOException {
        int second = in.read(ESCAPE_WAIT_MS);
        return switch (second) {
            case '[', 'O' -> sequence();
            case NonBlockingReader.READ_EXPIRED, NonBlockingReader.EOF, ESCAPE -> Key.Special.ESCAPE;
            default -> Key.Special.OTHER;
        };
    }

    private Key sequence() throws IOException {
        StringBuilder parameters = new StringBuilder();
        while (parameters.length() < LONGEST_SEQUENCE) {
            int next = in.read(ESCAPE_WAIT_MS);
            if (next < 0) {
                return Key.Special.OTHER;
            }
            if (next >= '@' && next <= '~') {
                return meaning((char) next, parameters.toString());
            }
            parameters.append((char) next);
        }
        return Key.Special.OTHER;
    }

    private static Key meaning(char last, String parameters) {
        return switch (last) {
            case 'A' -> Key.Special.UP;
            case 'B' -> Key.Special.DOWN;
            case 'C' -> Key.Special.RIGHT;
            case 'D' -> Key.Special.LEFT;
            case 'H' -> Key.Special.HOME;
            case 'F' -> Key.Special.END;
            case 'M' -> Key.Special.ENTER;
            case '~' ->
                switch (parameters) {
                    case "1", "7" -> Key.Special.HOME;
                    case "3" -> Key.Special.DELETE;
                    case "4", "8" -> Key.Special.END;
                    case "5" -> Key.Special.PAGE_UP;
                    case "6" -> Key.Special.PAGE_DOWN;
                    default -> Key.Special.OTHER;
                };
            default -> Key.Special.OTHER;
        };
    }
}
