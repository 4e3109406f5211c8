package dev.writescope.latency;

import java.io.IOException;

/**
 * Takes what a run produces: a view, a recording, a detector. Called from one thread, never from the one that
 * drains the kernel's rings, so it may be slow.
 */
public interface IntervalSink extends AutoCloseable {
    void start(RunStart start) throws IOException;

    void interval(Interval interval) throws IOException;

    void end(RunEnd end) throws IOException;

    /** Releases files and terminals; also called when the run failed before {@link #end}. */
    @Override
    void close() throws IOException;
}
