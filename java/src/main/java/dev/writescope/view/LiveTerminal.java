package dev.writescope.view;

import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Judge;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.ShutdownHooks;
import org.jspecify.annotations.Nullable;

/**
 * The live view on the terminal of this process: redrawn once per interval, on a key and on a resize. At the end
 * it leaves the screen as it was and prints the totals.
 *
 * <p>Threads: intervals come on the sink's thread, keys on a daemon thread, signals on JLine's. Each takes the
 * lock to touch the model, the controls or the display. The run is asked to stop without the lock, at most once:
 * by q or Ctrl-C, or because the terminal is gone.
 */
public final class LiveTerminal implements IntervalSink {
    private static final Key CTRL_L = new Key.Char((char) 12);
    private static final String USE_TABLE = "use --format table";

    private final Object lock = new Object();
    private final Terminal terminal;
    private final Grouping totals;
    private final Judge judge;
    private final Runnable stop;
    private final RegressionLog regressions = new RegressionLog();
    private final Display display;
    private final Attributes before;
    private final LiveControls controls = new LiveControls();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicBoolean restored = new AtomicBoolean();
    private final Thread atExit = new Thread(this::restore, "live-restore");
    private @Nullable LiveModel model;
    private @Nullable Size drawn;

    /**
     * Does not touch the screen until the run starts.
     *
     * @param totals how the totals at the end are grouped; live rows are container × operation, the rest a key away
     * @param judge whose flags the intervals bring; asked for its state only
     * @param stop ends the run; may be called from any thread and must not wait for this view
     * @throws IOException when this process has no terminal that can be drawn on
     */
    public LiveTerminal(Grouping totals, Judge judge, Runnable stop) throws IOException {
        this(open(), totals, judge, stop);
    }

    LiveTerminal(Terminal terminal, Grouping totals, Judge judge, Runnable stop) {
        this.terminal = terminal;
        this.totals = totals;
        this.judge = judge;
        this.stop = stop;
        this.display = new Display(terminal, true);
        this.before = terminal.getAttributes();
    }

    private static Terminal open() throws IOException {
        // JLine's own hook would close the terminal before ours leaves the alternate screen.
        System.setProperty(ShutdownHooks.PROP_DISABLE_SHUTDOWN_HOOK, "true");
        Terminal terminal;
        try {
            terminal = TerminalBuilder.builder()
                    .system(true)
                    .dumb(false)
                    .encoding(StandardCharsets.UTF_8)
                    .build();
        } catch (IOException | IllegalStateException none) {
            throw new IOException("no terminal for the live view: " + USE_TABLE, none);
        }
        if (terminal.getStringCapability(Capability.cursor_address) == null) {
            String type = terminal.getType();
            terminal.close();
            throw new IOException("terminal type " + type + " cannot show the live view: " + USE_TABLE);
        }
        return terminal;
    }

    @Override
    public void start(RunStart start) {
        Runtime.getRuntime().addShutdownHook(atExit);
        synchronized (lock) {
            model = new LiveModel(start);
            model.judging(judge.state());
            enter();
        }
        change(known -> {});
        terminal.handle(Signal.INT, signal -> askToStop());
        terminal.handle(Signal.WINCH, signal -> redraw());
        terminal.handle(Signal.CONT, signal -> redraw());
        Thread.ofPlatform().daemon().name("live-keys").start(this::readKeys);
    }

    @Override
    public void interval(Interval interval) {
        AgentUsage usage = AgentUsage.now();
        Judge.State judging = judge.state();
        regressions.add(interval.regressions());
        change(known -> {
            known.judging(judging);
            known.interval(interval, usage);
        });
    }

    @Override
    public void end(RunEnd end) throws IOException {
        restore();
        LiveModel last = model;
        if (last != null) {
            new Table(System.out, totals, judge, regressions).totals(last.start(), end);
        }
    }

    @Override
    public void close() throws IOException {
        stopped.set(true);
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException exiting) {
            return; // the hook itself is running or done
        }
        terminal.close();
    }

    private void enter() {
        terminal.enterRawMode();
        Attributes raw = terminal.getAttributes();
        raw.setControlChar(Attributes.ControlChar.VSUSP, 0); // Ctrl-Z would leave a drawn-over shell
        terminal.setAttributes(raw);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.keypad_xmit);
        terminal.puts(Capability.cursor_invisible);
    }

    /** Gives the terminal back as it was; only the first call does something. */
    private void restore() {
        synchronized (lock) {
            if (model == null || !restored.compareAndSet(false, true)) {
                return;
            }
            try {
                terminal.puts(Capability.cursor_visible);
                terminal.puts(Capability.keypad_local);
                terminal.puts(Capability.exit_ca_mode);
                terminal.flush();
                terminal.setAttributes(before);
            } catch (UncheckedIOException | IllegalStateException gone) {
                // nothing is left to restore
            }
        }
    }

    /** Changes what is shown and draws it; ends the run when the terminal is gone. */
    private void change(Consumer<LiveModel> change) {
        boolean there = true;
        synchronized (lock) {
            if (model != null && !restored.get()) {
                change.accept(model);
                there = draw(model);
            }
        }
        if (!there) {
            askToStop();
        }
    }

    /** Needs the lock. False when the terminal is gone. */
    private boolean draw(LiveModel shown) {
        try {
            Size size = terminal.getSize();
            if (size.getRows() > 0 && size.getColumns() > 0) {
                if (!size.equals(drawn)) {
                    display.resize(size);
                    display.clear();
                    drawn = Size.of(size);
                }
                display.update(LiveScreen.draw(shown, controls, size.getColumns(), size.getRows()), -1);
            }
            return !terminal.writer().checkError();
        } catch (UncheckedIOException | IllegalStateException gone) {
            return false;
        }
    }

    private void redraw() {
        change(known -> display.clear());
    }

    private void readKeys() {
        try {
            KeyReader keys = new KeyReader(terminal.reader());
            while (!stopped.get()) {
                press(keys.read());
            }
        } catch (IOException | IllegalStateException gone) {
            askToStop(); // unless it was close() that ended the reading
        }
    }

    private void press(Key key) {
        if (key.equals(CTRL_L)) {
            redraw();
            return;
        }
        AtomicBoolean quit = new AtomicBoolean();
        change(known -> quit.set(!controls.key(key, known)));
        if (quit.get()) {
            askToStop();
        }
    }

    private void askToStop() {
        if (stopped.compareAndSet(false, true)) {
            stop.run();
        }
    }
}
