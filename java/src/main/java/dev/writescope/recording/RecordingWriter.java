package dev.writescope.recording;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.Share;
import dev.writescope.latency.SlowEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Writes a recording. The lines of an interval are appended in one write, so a killed process loses at most the
 * last interval. When that fails, as on a full disk, the recording ends: what was written so far stays and is
 * sound, the exception says so once, and later calls do nothing. One thread at a time; an interrupt in the middle
 * of a write closes the file, one before it does no harm.
 */
public final class RecordingWriter implements IntervalSink {
    private final Path path;
    private final RecordingFile file;
    private final HistogramCodec codec = new HistogramCodec();
    private final Tags tags = new Tags();
    private final Owners<Container, Long> owners = new Owners<>();
    private long ownersDefined;
    private final StringBuilder text = new StringBuilder();
    private Instant base = Instant.EPOCH;
    private long intervals;
    private boolean failed;

    private RecordingWriter(Path path, RecordingFile file) {
        this.path = path;
        this.file = file;
    }

    /**
     * Opens the file; an earlier recording in it stays until {@link #start}.
     *
     * @throws RecordingException when it cannot be written, is a symbolic link, or holds anything but a recording
     */
    public static RecordingWriter open(Path path) throws RecordingException {
        return new RecordingWriter(path, RecordingFile.open(path));
    }

    @Override
    public void start(RunStart start) throws IOException {
        base = start.time();
        text.append(Format.VERSION_LINE).append('\n').append(ContextLines.run(start));
        text.append("#[StartTime: ");
        thousandths(base.toEpochMilli())
                .append(" (seconds since epoch), ")
                .append(base)
                .append("]\n");
        text.append("#[BaseTime: ");
        thousandths(base.toEpochMilli()).append(" (seconds since epoch)]\n");
        text.append(Format.LEGEND).append('\n');
        try {
            file.clear();
        } catch (IOException e) {
            throw failure(e);
        }
        flush();
    }

    /** Notes how the disk is between two intervals. */
    public void canary(Canary canary) throws IOException {
        if (!failed) {
            text.append(ContextLines.canary(canary));
            flush();
        }
    }

    /**
     * Notes what the host's files say, between two intervals: as it is at the start, so that a recording that is cut
     * short has that, and of the whole window before the end. Readers take the last one.
     */
    public void evidence(Evidence evidence) throws IOException {
        if (!failed) {
            text.append(EvidenceLines.of(evidence));
            flush();
        }
    }

    @Override
    public void interval(Interval interval) throws IOException {
        if (failed) {
            return;
        }
        text.append(ContextLines.interval(interval));
        for (SlowEvent event : interval.slow()) {
            text.append(ContextLines.slow(event));
        }
        for (Regression regression : interval.regressions()) {
            text.append(ContextLines.regression(regression));
        }
        for (Share share : interval.shares()) {
            owner(share.victim());
            long culprit = owner(share.culprit());
            long victim = owner(share.victim()); // which the culprit's definition may have made forgotten
            text.append(ContextLines.share(share, victim, culprit));
        }
        for (Activity activity : BusiestActivity.of(interval.activity())) {
            text.append(ContextLines.activity(activity, owner(activity.container())));
        }
        long startMillis = Duration.between(base, interval.start()).toMillis();
        long durationMillis = interval.duration().toMillis();
        for (SeriesInterval series : interval.series()) {
            if (series.count() > 0) {
                samples(series, startMillis, durationMillis);
            }
        }
        flush();
        intervals++;
    }

    /** Defined before it is used. */
    private long owner(Container owner) {
        Long known = owners.get(owner);
        if (known != null) {
            return known;
        }
        long number = ++ownersDefined;
        owners.put(owner, number);
        text.append(ContextLines.owner(number, owner));
        return number;
    }

    private void samples(SeriesInterval series, long startMillis, long durationMillis) {
        String tag = tags.of(series.key());
        if (tag == null) {
            tag = tags.define(series.key());
            text.append(ContextLines.series(tag, series.key()));
        }
        text.append("#[").append(Format.STATS).append(" [");
        text.append(series.errors()).append(',').append(series.bytes()).append(',');
        text.append(series.minNs()).append(',').append(series.maxNs()).append(',');
        text.append(series.sumNs()).append("]]\n");
        text.append("Tag=").append(tag).append(',');
        thousandths(startMillis).append(',');
        thousandths(durationMillis).append(',');
        thousandths(series.maxNs() / 1000).append(','); // HdrHistogram's tools expect milliseconds
        codec.encode(series.histogram(), text);
        text.append('\n');
    }

    @Override
    public void end(RunEnd end) throws IOException {
        if (failed) {
            return;
        }
        text.append(ContextLines.end(end));
        flush();
        try {
            file.force();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void flush() throws RecordingException {
        try {
            file.append(text);
        } catch (IOException e) {
            throw failure(e);
        } finally {
            text.setLength(0);
        }
    }

    private RecordingException failure(IOException e) {
        failed = true;
        return new RecordingException(
                "recording to " + path + " stopped after " + intervals + " intervals, which are kept: "
                        + OutputFile.reason(e) + ": make room or record elsewhere",
                e);
    }

    /** A decimal with 3 places, as "%.3f" would print it. */
    private StringBuilder thousandths(long value) {
        long whole = Math.abs(value);
        String places = Long.toString(1000 + whole % 1000).substring(1);
        return text.append(value < 0 ? "-" : "")
                .append(whole / 1000)
                .append('.')
                .append(places);
    }

    /** Releases the file. Without {@link #end} before, readers see a recording that was cut short. */
    @Override
    public void close() throws IOException {
        codec.close();
        file.close();
    }
}
