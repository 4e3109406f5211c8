package dev.writescope.view;

import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * One line about a recording, rewritten with every interval, and one that stays for each regression; off a terminal only
 * regressions are told, and losses at the end.
 */
public final class Progress implements IntervalSink {
    private static final String RECORD_AGAIN = "; record again with a larger --ring-size\n";
    private static final String REWRITE = "\r\033[K";

    private final Path file;
    private final Appendable out;
    private final boolean terminal;
    private Duration elapsed = Duration.ZERO;
    private long events;
    private long lost;

    /**
     * A line on {@code out}, which it does not close.
     *
     * @param file what is recorded to
     */
    public Progress(Path file, Appendable out, boolean terminal) {
        this.file = file;
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void start(RunStart start) throws IOException {
        if (terminal) {
            out.append("recording to ").append(Printable.of(file.toString())).append("; Ctrl-C ends");
        }
    }

    @Override
    public void interval(Interval interval) throws IOException {
        elapsed = elapsed.plus(interval.duration());
        lost += interval.lost().total();
        for (SeriesInterval series : interval.series()) {
            events += series.key().stage() == Stage.TOTAL ? series.count() : 0;
        }
        for (Regression regression : interval.regressions()) {
            out.append(terminal ? REWRITE : "")
                    .append(RegressionText.line(regression))
                    .append('\n');
        }
        if (terminal) {
            out.append(REWRITE).append(line(elapsed, events, lost));
        }
    }

    @Override
    public void end(RunEnd end) throws IOException {
        if (terminal) {
            out.append(REWRITE)
                    .append("recorded ")
                    .append(line(end.duration(), end.events(), end.lost().total()))
                    .append(" in ")
                    .append(Printable.of(file.toString()))
                    .append('\n');
        }
        Losses losses = end.lost();
        if (losses.total() > 0) {
            out.append("writescope: events were lost: ")
                    .append(losses.fsync() + " fsync, " + losses.write() + " write, " + losses.block() + " block")
                    .append(RECORD_AGAIN);
        }
        if (losses.parts() > 0) {
            out.append("writescope: operations were not taken apart: ")
                    .append(Long.toString(losses.parts()))
                    .append(RECORD_AGAIN);
        }
    }

    private String line(Duration time, long count, long missing) {
        return String.format(
                Locale.ROOT,
                "%d:%02d:%02d, %,d events, %,d lost, %s",
                time.toHours(),
                time.toMinutesPart(),
                time.toSecondsPart(),
                count,
                missing,
                size());
    }

    private String size() {
        try {
            return Figures.bytes(Files.size(file));
        } catch (IOException unknown) {
            return "size unknown";
        }
    }

    @Override
    public void close() {}
}
