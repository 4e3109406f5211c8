package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.NonBlockingPumpReader;
import org.junit.jupiter.api.Test;

class KeyReaderTest {
    @Test
    void arrows_are_told_from_letters_in_both_cursor_modes() throws IOException {
        assertThat(keys("a\u001b[A\u001bOB\u001b[5~z", 5))
                .containsExactly(
                        new Key.Char('a'), Key.Special.UP, Key.Special.DOWN, Key.Special.PAGE_UP, new Key.Char('z'));
    }

    @Test
    void a_lone_escape_is_a_key_of_its_own() throws IOException {
        assertThat(keys("\u001b", 1)).containsExactly(Key.Special.ESCAPE);
    }

    @Test
    void sequences_without_a_meaning_are_swallowed_whole() throws IOException {
        assertThat(keys("\u001b[1;5Q\u001b[99~x", 3))
                .containsExactly(Key.Special.OTHER, Key.Special.OTHER, new Key.Char('x'));
    }

    @Test
    void a_terminal_that_is_gone_is_an_error() throws IOException {
        NonBlockingPumpReader in = new NonBlockingPumpReader();
        in.getWriter().close();

        assertThatThrownBy(() -> new KeyReader(in).read()).isInstanceOf(IOException.class);
    }

    private static List<Key> keys(String typed, int count) throws IOException {
        NonBlockingPumpReader in = new NonBlockingPumpReader();
        new StringReader(typed).transferTo(in.getWriter());
        KeyReader keys = new KeyReader(in);
        List<Key> read = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            read.add(keys.read());
        }
        return read;
    }
}
