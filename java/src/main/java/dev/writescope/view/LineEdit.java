package dev.writescope.view;

/** One line of text being typed. */
final class LineEdit {
    private static final int LONGEST = 256;
    private static final char CTRL_A = 1;
    private static final char CTRL_E = 5;
    private static final char CTRL_U = 21;
    private static final char CTRL_W = 23;

    private final StringBuilder text;
    private int cursor;

    LineEdit(String text) {
        this.text = new StringBuilder(text);
        this.cursor = text.length();
    }

    void key(Key key) {
        switch (key) {
            case Key.Char(char typed) -> type(typed);
            case Key.Special.LEFT -> cursor = Math.max(0, cursor - 1);
            case Key.Special.RIGHT -> cursor = Math.min(text.length(), cursor + 1);
            case Key.Special.HOME -> cursor = 0;
            case Key.Special.END -> cursor = text.length();
            case Key.Special.BACKSPACE -> deleteFrom(Math.max(0, cursor - 1));
            case Key.Special.DELETE -> text.delete(cursor, Math.min(text.length(), cursor + 1));
            case Key.Special ignored -> {}
        }
    }

    private void type(char typed) {
        switch (typed) {
            case CTRL_A -> cursor = 0;
            case CTRL_E -> cursor = text.length();
            case CTRL_U -> deleteFrom(0);
            case CTRL_W -> deleteFrom(startOfWord());
            default -> {
                if (!Character.isISOControl(typed) && text.length() < LONGEST) {
                    text.insert(cursor++, typed);
                }
            }
        }
    }

    private int startOfWord() {
        int at = cursor;
        while (at > 0 && !Character.isLetterOrDigit(text.charAt(at - 1))) {
            at--;
        }
        while (at > 0 && Character.isLetterOrDigit(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private void deleteFrom(int start) {
        text.delete(start, cursor);
        cursor = start;
    }

    String text() {
        return text.toString();
    }

    int cursor() {
        return cursor;
    }
}
