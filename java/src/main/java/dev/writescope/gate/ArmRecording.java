package dev.writescope.gate;

import dev.writescope.latency.Interval;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.probe.Losses;
import dev.writescope.recording.Canary;
import dev.writescope.recording.RecordingWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * All repetitions of one arm as one run: its intervals have gaps between the repetitions. Not empty once it is written
 * or compared.
 */
final class ArmRecording {
    private final Arm arm;
    private final List<Repetition> repetitions = new ArrayList<>();

    ArmRecording(Arm arm) {
        this.arm = arm;
    }

    Arm arm() {
        return arm;
    }

    void add(Repetition repetition) {
        repetitions.add(repetition);
    }

    RunStart start() {
        return repetitions.getFirst().start();
    }

    List<Interval> intervals() {
        return repetitions.stream().flatMap(each -> each.intervals().stream()).toList();
    }

    long operations() {
        return repetitions.stream().mapToLong(Repetition::operations).sum();
    }

    Losses lost() {
        return repetitions.stream().map(Repetition::lost).reduce(Losses.NONE, Losses::plus);
    }

    /** As if it had been one run; its totals are empty, they are the sum of the intervals. */
    RunEnd end() {
        RunEnd last = repetitions.getLast().end();
        Instant ended = last.start().plus(last.duration());
        return new RunEnd(
                start().time(),
                Duration.between(start().time(), ended),
                List.of(),
                repetitions.stream().mapToLong(each -> each.end().events()).sum(),
                repetitions.stream()
                        .mapToLong(each -> each.end().unattributed())
                        .sum(),
                lost(),
                last.agentCpuSeconds(),
                last.agentRssBytes());
    }

    ArmLatencies latencies() {
        return ArmLatencies.of(repetitions);
    }

    /**
     * Writes it as a recording.
     *
     * @param canaries the first goes before the intervals, the others after them
     */
    void write(Path file, List<Canary> canaries) throws IOException {
        try (RecordingWriter writer = RecordingWriter.open(file)) {
            writer.start(start());
            for (Canary canary : canaries.subList(0, Math.min(1, canaries.size()))) {
                writer.canary(canary);
            }
            for (Interval interval : intervals()) {
                writer.interval(interval);
            }
            for (Canary canary : canaries.subList(Math.min(1, canaries.size()), canaries.size())) {
                writer.canary(canary);
            }
            writer.end(end());
        }
    }
}
