package dev.writescope.compare;

import dev.writescope.container.Container;
import dev.writescope.latency.Buckets;
import dev.writescope.latency.Interval;
import dev.writescope.latency.IntervalSink;
import dev.writescope.latency.Place;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import dev.writescope.recording.RecordingReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A recording, or a run as it happens, gathered for a comparison. Its size is bounded: a long recording is kept in
 * coarser slots of time, never in coarser latencies.
 */
public final class Recorded {
    private final RecordingFacts facts;
    private final Timeline timeline;
    private final Buckets buckets;
    private final Map<Subject, Samples> samples;
    private final Map<Subject, Place> places;
    private final Map<String, Container> containers;

    /**
     * @param samples of subjects with a mount, "" where it is not known or there is none
     * @param places of those subjects, where they are known
     * @param containers by their name in subjects
     */
    private Recorded(
            RecordingFacts facts,
            Timeline timeline,
            Map<Subject, Samples> samples,
            Map<Subject, Place> places,
            Map<String, Container> containers) {
        this.facts = facts;
        this.timeline = timeline;
        this.buckets = new Buckets(facts.start().significantDigits());
        this.samples = samples;
        this.places = places;
        this.containers = containers;
    }

    /**
     * Reads a recording, one interval in memory at a time.
     *
     * @throws dev.writescope.recording.RecordingException with one line for the user when it cannot be read
     */
    public static Recorded read(Path file) throws IOException {
        try (RecordingReader reader = RecordingReader.open(file)) {
            Builder builder = new Builder(file.toString());
            builder.start(reader.start());
            for (Interval interval = reader.next(); interval != null; interval = reader.next()) {
                builder.interval(interval);
            }
            if (reader.end() != null) {
                builder.end(Objects.requireNonNull(reader.end()));
            }
            return builder.build(reader.truncated());
        }
    }

    public RecordingFacts facts() {
        return facts;
    }

    /** How many stretches without a pause it has. */
    public int segments() {
        return timeline.segments();
    }

    Timeline timeline() {
        return timeline;
    }

    Buckets buckets() {
        return buckets;
    }

    Map<String, Container> containers() {
        return containers;
    }

    /** The finest there are, each with its mount. */
    Map<Subject, Samples> byMount() {
        return samples;
    }

    /** One of {@link #byMount}. */
    Samples samples(Subject subject) {
        return Objects.requireNonNull(samples.get(subject));
    }

    /** All mounts of each subject together. */
    Map<Subject, List<Samples>> bySubject() {
        Map<Subject, List<Samples>> merged = new LinkedHashMap<>();
        samples.forEach((subject, part) -> merged.computeIfAbsent(subject.everywhere(), _ -> new ArrayList<>())
                .add(part));
        return merged;
    }

    Map<Subject, Place> places() {
        return places;
    }

    /**
     * Gathers the intervals of a run, or of several runs of one thing: a pause between them is kept. Requests without an
     * owner and cgroups without a name are left out: nothing says that they are the same in another recording. One thread
     * at a time.
     */
    public static final class Builder implements IntervalSink {
        private static final int MOST_SLOTS = 1_024;
        private static final int FEWEST_SLOTS = 64;
        /** Of counts, so that two recordings fit into the smallest usual heap. */
        private static final long BUDGET_BYTES = 128L << 20;

        private static final int OBJECT_BYTES = 40;

        private final String name;
        private final long budgetBytes;
        private final Timeline timeline = new Timeline();
        private final Map<Subject, Samples> samples = new LinkedHashMap<>();
        private final Map<Subject, Place> places = new LinkedHashMap<>();
        private final Map<String, Container> containers = new LinkedHashMap<>();
        private @Nullable RunStart start;
        private @Nullable Buckets buckets;
        private Duration duration = Duration.ZERO;
        private Losses lostInIntervals = Losses.NONE;
        private Losses lostInRuns = Losses.NONE;
        private long events;
        private long bytes;
        private boolean ended;

        /** @param name what to call it in messages: a file as the user named it */
        public Builder(String name) {
            this(name, BUDGET_BYTES);
        }

        Builder(String name, long budgetBytes) {
            this.name = name;
            this.budgetBytes = budgetBytes;
        }

        /** Of several runs the first tells what they are about. */
        @Override
        public void start(RunStart told) {
            ended = false;
            if (start == null) {
                start = told;
                buckets = new Buckets(told.significantDigits());
            }
        }

        @Override
        public void interval(Interval interval) {
            RunStart run = started();
            int slot = timeline.add(interval, run.interval());
            duration = duration.plus(interval.duration());
            lostInIntervals = lostInIntervals.plus(interval.lost());
            for (SeriesInterval series : interval.series()) {
                if (series.key().stage() == Stage.TOTAL && series.count() > 0) {
                    add(slot, series);
                }
            }
            if (timeline.size() > MOST_SLOTS || (bytes > budgetBytes && timeline.size() > FEWEST_SLOTS)) {
                coarsen();
            }
        }

        private RunStart started() {
            if (start == null) {
                throw new IllegalStateException("an interval before the start of the run");
            }
            return start;
        }

        private void add(int slot, SeriesInterval series) {
            events += series.count();
            Container container = series.key().container();
            if (buckets == null
                    || container.type() == Container.Type.UNATTRIBUTED
                    || container.type() == Container.Type.UNKNOWN) {
                return;
            }
            Place place = series.key().place();
            boolean block = series.key().operation() == Operation.BLOCK;
            Kind kind = series.key().kind();
            String owner = Subject.nameOf(container);
            Subject subject = new Subject(
                    owner, series.key().operation(), kind.isJudgedAlone() ? kind : null, block ? "" : place.mount());
            containers.putIfAbsent(owner, container);
            places.put(subject, place);
            bytes += OBJECT_BYTES
                    + samples.computeIfAbsent(subject, _ -> new Samples())
                            .add(
                                    slot,
                                    SparseCounts.of(series.histogram(), series.minNs(), buckets),
                                    series.count(),
                                    series.errors());
        }

        private void coarsen() {
            int[] becomes = timeline.coarsen();
            bytes = 0;
            for (Samples each : samples.values()) {
                bytes += each.coarsen(becomes) + (long) OBJECT_BYTES * timeline.size();
            }
        }

        @Override
        public void end(RunEnd end) {
            ended = true;
            lostInRuns = lostInRuns.plus(end.lost());
        }

        @Override
        public void close() {}

        /**
         * What was gathered so far. Nothing may be added afterwards.
         *
         * @throws IllegalStateException if no run has started
         */
        public Recorded build() {
            return build(!ended);
        }

        Recorded build(boolean truncated) {
            Losses lost = new Losses(
                    Math.max(lostInIntervals.fsync(), lostInRuns.fsync()),
                    Math.max(lostInIntervals.write(), lostInRuns.write()),
                    Math.max(lostInIntervals.block(), lostInRuns.block()));
            RecordingFacts facts = new RecordingFacts(name, started(), duration, events, lost, truncated);
            return new Recorded(facts, timeline, samples, places, containers);
        }
    }
}
