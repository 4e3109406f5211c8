package dev.writescope.recording;

import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Judge;
import dev.writescope.latency.RunEnd;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends a recording through sinks as if it happened now. The sinks also get the end of a run that was cut short,
 * with the totals of what is there; they are closed by their owner.
 */
public final class Replay {
    private final RecordingReader reader;
    private final List<? extends IntervalSink> sinks;
    private final Judge judge;
    private final double speed;

    private Replay(RecordingReader reader, List<? extends IntervalSink> sinks, Judge judge, double speed) {
        this.reader = reader;
        this.sinks = List.copyOf(sinks);
        this.judge = judge;
        this.speed = speed;
    }

    /** As fast as the sinks take it. The intervals are judged anew; see {@link Judge#AS_RECORDED}. */
    public static Replay unpaced(RecordingReader reader, List<? extends IntervalSink> sinks, Judge judge) {
        return new Replay(reader, sinks, judge, Double.POSITIVE_INFINITY);
    }

    /**
     * Each interval when it ended in the recording, the time since its start divided by {@code speed}.
     *
     * @param speed above 0; 1 is real time
     */
    public static Replay paced(RecordingReader reader, List<? extends IntervalSink> sinks, Judge judge, double speed) {
        if (!(speed > 0)) {
            throw new IllegalArgumentException("a speed is above 0, this is " + speed);
        }
        return new Replay(reader, sinks, judge, speed);
    }

    /**
     * Replays everything.
     *
     * @throws RecordingException where the recording is malformed; the sinks had everything before that, no end
     * @throws InterruptedException when the thread is interrupted while it waits for the next interval
     */
    public void run() throws IOException, InterruptedException {
        for (IntervalSink sink : sinks) {
            sink.start(reader.start());
        }
        SeriesSums sums = new SeriesSums();
        Instant runStart = reader.start().time();
        long replayStart = System.nanoTime();
        for (Interval interval = reader.next(); interval != null; interval = reader.next()) {
            waitUntil(replayStart, Duration.between(runStart, interval.end()));
            sums.add(interval);
            Interval judged = interval.judgedBy(judge);
            for (IntervalSink sink : sinks) {
                sink.interval(judged);
            }
        }
        RunEnd end = end(reader.end(), sums);
        for (IntervalSink sink : sinks) {
            sink.end(end);
        }
    }

    private RunEnd end(@Nullable RunEnd recorded, SeriesSums sums) {
        if (recorded == null) {
            return sums.endOfCutRun(reader.start().time());
        }
        return new RunEnd(
                recorded.start(),
                recorded.duration(),
                sums.totals(),
                recorded.events(),
                recorded.unattributed(),
                recorded.lost(),
                recorded.agentCpuSeconds(),
                recorded.agentRssBytes());
    }

    private void waitUntil(long replayStart, Duration sinceStart) throws InterruptedException {
        long due = (long) (sinceStart.toSeconds() / speed * 1e9 + sinceStart.toNanosPart() / speed);
        long left = due - (System.nanoTime() - replayStart);
        if (left > 0) {
            Thread.sleep(Duration.ofNanos(left));
        }
    }
}
