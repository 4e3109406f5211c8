package dev.writescope.export;

import dev.writescope.view.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What went wrong on the way, a line each: at once, or at the end where a view draws on the same terminal. Thread-safe.
 */
final class Complaints implements AutoCloseable {
    private static final int MOST_HELD = 20;

    private final Appendable out;
    private final boolean held;
    private final List<String> lines = new ArrayList<>();
    private long more;

    Complaints(Appendable out, boolean held) {
        this.out = out;
        this.held = held;
    }

    synchronized void say(String what) {
        String line = "writescope: " + Printable.of(what) + "\n";
        if (!held) {
            print(line);
        } else if (lines.size() < MOST_HELD) {
            lines.add(line);
        } else {
            more++;
        }
    }

    private void print(String line) {
        try {
            out.append(line);
        } catch (IOException nobodyListens) {
            // there is no better place to say it
        }
    }

    /** Says what was held back; only the first call does something. */
    @Override
    public synchronized void close() {
        lines.forEach(this::print);
        lines.clear();
        if (more > 0) {
            print("writescope: and " + more + " more of that kind\n");
            more = 0;
        }
    }
}
