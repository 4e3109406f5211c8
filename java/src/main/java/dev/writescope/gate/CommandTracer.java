package dev.writescope.gate;

import dev.writescope.latency.IntervalSink;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Runs a command while it and all that it starts are traced. */
@FunctionalInterface
public interface CommandTracer {
    /**
     * Runs it once, to its end.
     *
     * @param name a short one for this run
     * @param interval nominal length of an interval
     * @param sink gets the run; not closed
     * @return the command's exit status, 128 + the signal that ended it
     * @throws InterruptedException when somebody asked for the end
     */
    int trace(String name, List<String> command, Duration interval, IntervalSink sink)
            throws IOException, InterruptedException;
}
