package dev.writescope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SinksTest {
    private final List<String> closed = new ArrayList<>();

    private IntervalSink sink(String name, boolean fails) {
        return new IntervalSink() {
            @Override
            public void start(RunStart start) {}

            @Override
            public void interval(Interval interval) {}

            @Override
            public void end(RunEnd end) {}

            @Override
            public void close() throws IOException {
                closed.add(name);
                if (fails) {
                    throw new IOException(name + ": no space left on device");
                }
            }
        };
    }

    @Test
    void one_that_cannot_be_closed_does_not_keep_the_others_open() {
        Sinks sinks = new Sinks();
        sinks.all.add(sink("recording", true));
        sinks.all.add(sink("view", true));
        sinks.all.add(sink("log", false));
        assertThatThrownBy(sinks::close)
                .isInstanceOf(IOException.class)
                .hasMessage("recording: no space left on device")
                .hasSuppressedException(new IOException("view: no space left on device"));
        assertThat(closed).containsExactly("recording", "view", "log");
    }
}
