package dev.writescope.cli;

import dev.writescope.evidence.Evidence;
import dev.writescope.explain.ObservationSink;
import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.recording.RecordingWriter;
import java.io.IOException;

/** A recording that can be explained later: with evidence of its start, for when it is cut short, and of all of it. */
final class EvidenceRecording implements IntervalSink {
    private final RecordingWriter writer;
    private final HostEvidence evidence;

    EvidenceRecording(RecordingWriter writer, HostEvidence evidence) {
        this.writer = writer;
        this.evidence = evidence;
    }

    @Override
    public void start(RunStart start) throws IOException {
        writer.start(start);
        Evidence before = evidence.atStart();
        if (before != null) {
            writer.evidence(before);
        }
    }

    @Override
    public void interval(Interval interval) throws IOException {
        writer.interval(interval);
        evidence.sample();
    }

    @Override
    public void end(RunEnd end) throws IOException {
        writer.evidence(evidence.finish(ObservationSink.mattering(end, evidence::isChosen)));
        writer.end(end);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
