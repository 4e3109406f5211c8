package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.latency.Judge;
import dev.writescope.probe.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveTerminalTest {
    private static final String ENTER_ALTERNATE_SCREEN = "\u001b[?1049h";
    private static final String LEAVE_ALTERNATE_SCREEN = "\u001b[?1049l";

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicInteger stops = new AtomicInteger();
    private LineDisciplineTerminal terminal;
    private LiveTerminal live;

    @BeforeEach
    void start() throws IOException {
        terminal = new LineDisciplineTerminal("test", "xterm-256color", screen, StandardCharsets.UTF_8);
        terminal.setSize(Size.of(100, 24));
        live = new LiveTerminal(terminal, new Grouping(List.of()), Judge.NONE, () -> {
            stops.incrementAndGet();
            stopped.countDown();
        });
        live.start(Sample.start());
    }

    @AfterEach
    void close() throws IOException {
        live.close();
    }

    @Test
    void an_interval_is_drawn_on_the_alternate_screen() throws IOException {
        live.interval(Sample.interval(0, Sample.series(Sample.container("db-17"), Kind.FSYNC, Sample.DATA, 1_230)));

        assertThat(screen.toString(StandardCharsets.UTF_8)).contains(ENTER_ALTERNATE_SCREEN, "db-17", "1.23 µs");
    }

    @Test
    void closing_gives_the_terminal_back_once() throws IOException {
        assertThat(terminal.getAttributes().getLocalFlag(Attributes.LocalFlag.ICANON))
                .isFalse();

        live.close();
        live.close();

        assertThat(screen.toString(StandardCharsets.UTF_8)).containsOnlyOnce(LEAVE_ALTERNATE_SCREEN);
        assertThat(stops).hasValue(0);
    }

    @Test
    void q_stops_the_run_once() throws IOException, InterruptedException {
        terminal.processInputBytes("qq".getBytes(StandardCharsets.UTF_8));

        assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(stops).hasValue(1);
    }

    @Test
    void an_interrupt_stops_the_run() throws InterruptedException {
        terminal.raise(Signal.INT);

        assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_terminal_that_goes_away_stops_the_run() throws IOException, InterruptedException {
        terminal.close();

        live.interval(Sample.interval(0));

        assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(stops).hasValue(1);
    }

    @Test
    void a_resize_redraws_in_the_new_size() {
        screen.reset();
        terminal.setSize(Size.of(40, 8));
        terminal.raise(Signal.WINCH);

        assertThat(screen.toString(StandardCharsets.UTF_8)).contains("CONTAINER");
    }
}
