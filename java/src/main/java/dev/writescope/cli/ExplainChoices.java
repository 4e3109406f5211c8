package dev.writescope.cli;

import dev.writescope.latency.IntervalSink;
import dev.writescope.recording.RecordingWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether a recording can be explained later: the same for every command that makes one. */
final class ExplainChoices {
    /** Long enough to be worth a line for its process and file. */
    static final Duration SLOW = Duration.ofMillis(20);

    @Option(
            names = "--explain",
            description =
                    "Record what explain --from needs as well: where the time goes, who held what was waited for, who"
                            + " wrote what, and what the host's files say. Records the whole host, since neighbours may be why;"
                            + " explain --from is then about those chosen here. Each fsync takes a few microseconds longer.")
    boolean explain;

    /**
     * Asks for what an explanation needs.
     *
     * @throws UsageException if that does not make sense
     */
    void apply(TraceChoices choices, @Nullable Path recording) throws UsageException {
        if (!explain) {
            return;
        }
        if (recording == null) {
            throw new UsageException("--explain is about the recording: name one with -o FILE");
        }
        if (!choices.operations.isEmpty()) {
            throw new UsageException("--explain needs all operations: leave --op out");
        }
        choices.waits = true;
    }

    /** The recording, with the evidence if that is wanted. */
    IntervalSink recording(Path file, HostEvidence evidence) throws IOException {
        RecordingWriter writer = RecordingWriter.open(file);
        return explain ? new EvidenceRecording(writer, evidence) : writer;
    }

    /** Sinks that get no more than was chosen, though more is traced. */
    List<IntervalSink> onlyChosen(List<IntervalSink> sinks, TraceChoices choices, HostEvidence evidence) {
        if (!explain || !choices.choosesContainers()) {
            return sinks;
        }
        List<IntervalSink> chosen = new ArrayList<>();
        sinks.forEach(sink -> chosen.add(new ChosenSink(sink, evidence::isChosen)));
        return chosen;
    }
}
