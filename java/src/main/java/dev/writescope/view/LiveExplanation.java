package dev.writescope.view;

import dev.writescope.container.Container;
import dev.writescope.explain.Explainer;
import dev.writescope.explain.Explanations;
import dev.writescope.explain.NoEvidence;
import dev.writescope.explain.ObservationSink;
import dev.writescope.latency.Interval;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.latency.SeriesTotal;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Why one container waits, from the data since somebody asked; made anew with every interval. Not thread-safe. */
final class LiveExplanation {
    private final Container container;
    private final Instant since;
    private final ObservationSink sink;
    private final Map<SeriesKey, SeriesTotal> sums = new LinkedHashMap<>();
    private Duration duration = Duration.ZERO;
    private Losses lost = Losses.NONE;
    private List<String> lines;

    LiveExplanation(RunStart start, Instant since, Container container) {
        this.since = since;
        this.container = container;
        this.sink = new ObservationSink(
                new NoEvidence("only writescope explain reads them"),
                key -> key.container().equals(container));
        this.lines = List.of("explaining " + Printable.of(container) + ": collecting");
        sink.start(start);
    }

    Container container() {
        return container;
    }

    /** Safe to print. */
    List<String> lines() {
        return lines;
    }

    void interval(Interval interval) {
        duration = duration.plus(interval.duration());
        lost = lost.plus(interval.lost());
        for (SeriesInterval series : interval.series()) {
            if (series.key().container().equals(container)) {
                sums.computeIfAbsent(series.key(), key -> new SeriesTotal()).add(series);
            }
        }
        try {
            sink.interval(interval);
            lines = explain();
        } catch (IOException impossible) {
            throw new IllegalStateException("no file is read or written here", impossible);
        }
    }

    private List<String> explain() throws IOException {
        List<SeriesInterval> totals = sums.values().stream()
                .map(SeriesTotal::sum)
                .filter(Objects::nonNull)
                .toList();
        sink.end(new RunEnd(since, duration, totals, 0, 0, lost, 0, 0));
        Explanations found = Explainer.explain(Objects.requireNonNull(sink.observation()), key -> true);
        if (found.notes().isEmpty()) {
            return List.of("explaining " + Printable.of(container) + ": no sync and no write yet");
        }
        List<String> note = ExplanationText.lines(found.notes().getFirst());
        boolean apart = totals.stream()
                .anyMatch(series -> series.key().operation() != Operation.BLOCK
                        && series.key().stage() != Stage.TOTAL);
        return apart
                ? note
                : Stream.concat(
                                Stream.of("Where its time goes is not traced: start trace with --by phase, or run"
                                        + " writescope explain -c " + Printable.of(container.displayName())),
                                note.stream())
                        .toList();
    }
}
