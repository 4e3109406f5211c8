package dev.writescope.cli;

import dev.writescope.latency.IntervalSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sinks of a command. All are closed at its end, also those after one that fails to. */
final class Sinks implements AutoCloseable {
    final List<IntervalSink> all = new ArrayList<>();

    /** @throws IOException what the first failed with; the others are suppressed in it */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (IntervalSink sink : all) {
            try {
                sink.close();
            } catch (IOException failed) {
                failure = joined(failure, failed);
            } catch (RuntimeException failed) {
                failure = joined(failure, new IOException(failed.getMessage(), failed));
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static IOException joined(@Nullable IOException first, IOException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }
}
