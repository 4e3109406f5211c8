package dev.writescope.view;

import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Stage;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** One line about how long a run still takes, rewritten with every interval and gone in the end. */
public final class Countdown implements IntervalSink {
    private static final String REWRITE = "\r\033[K";

    private final Duration whole;
    private final Appendable out;
    private Duration left;
    private long events;

    /** A line on a terminal, which it does not close. */
    public Countdown(Duration whole, Appendable out) {
        this.whole = whole;
        this.left = whole;
        this.out = out;
    }

    @Override
    public void start(RunStart start) throws IOException {
        out.append("watching for ").append(Durations.format(whole.toNanos())).append("; Ctrl-C explains what there is");
    }

    @Override
    public void interval(Interval interval) throws IOException {
        left = left.minus(interval.duration());
        for (SeriesInterval series : interval.series()) {
            events += series.key().stage() == Stage.TOTAL ? series.count() : 0;
        }
        out.append(REWRITE)
                .append(String.format(
                        Locale.ROOT, "%d s left, %,d events", Math.max(0, (left.toMillis() + 500) / 1000), events));
    }

    @Override
    public void end(RunEnd end) throws IOException {
        out.append(REWRITE).append("reading what the host says");
    }

    @Override
    public void close() throws IOException {
        out.append(REWRITE);
    }
}
