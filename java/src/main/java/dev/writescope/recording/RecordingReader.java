package dev.writescope.recording;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.latency.Share;
import dev.writescope.latency.SlowEvent;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Reads a recording as a stream, one interval in memory at a time. Every error names the file and the line. A
 * recording that was cut short gives everything before the cut.
 */
public final class RecordingReader implements Closeable {
    /** Comment lines before the run line; more of them is another tool's file. */
    private static final int MAX_LINES_BEFORE_RUN = 64;

    private static final long EVIDENCE_BYTES = 1024;

    private final Path path;
    private final LineReader lines;
    private final LineParser parser = new LineParser();
    private final Remembered<String, SeriesKey> keys = new Remembered<>();
    private final Owners<Long, Container> owners = new Owners<>();
    private final Deque<Canary> canaries = new ArrayDeque<>();
    private final long memoryLimit = Runtime.getRuntime().maxMemory() / 2;
    private final RunStart start;
    private @Nullable Pending pending;
    private @Nullable PendingEvidence pendingEvidence;
    private @Nullable Evidence evidence;
    private @Nullable RunEnd end;
    private int lineLength;
    private boolean truncated;

    private RecordingReader(Path path, LineReader lines) throws IOException {
        this.path = path;
        this.lines = lines;
        this.start = readRun();
    }

    /** Opens a recording and reads what it is about. */
    public static RecordingReader open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new RecordingException(path + " is a directory: name a recording");
        }
        InputStream in;
        try {
            in = Files.newInputStream(path);
        } catch (NoSuchFileException e) {
            throw new RecordingException(path + " does not exist: check the name", e);
        } catch (AccessDeniedException e) {
            throw new RecordingException("cannot read " + path + ": permission denied", e);
        }
        return open(path, in);
    }

    /** Reads from a stream, which it closes; {@code name} is for messages. */
    static RecordingReader open(Path name, InputStream in) throws IOException {
        try {
            return new RecordingReader(name, new LineReader(in));
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    public RunStart start() {
        return start;
    }

    /** How the run ended, known after the last interval; its totals are empty. Null when the recording was cut. */
    public @Nullable RunEnd end() {
        return end;
    }

    /** Whether the recording was cut short, known after the last interval. */
    public boolean truncated() {
        return truncated;
    }

    /** How the disk was in the meantime: the newest {@value Format#REMEMBERED_CANARIES} of those read so far. */
    public List<Canary> canaries() {
        return List.copyOf(canaries);
    }

    /**
     * What the host's files said, known after the last interval: of the whole run, or of its start if the recording was
     * cut. Null when none was recorded.
     */
    public @Nullable Evidence evidence() {
        return evidence;
    }

    /** The next interval, null after the last one. Of an interval that was cut, the whole lines are given. */
    public @Nullable Interval next() throws IOException {
        while (true) {
            Line line = readLine();
            if (line == null || line instanceof Line.IntervalOpened) {
                Pending complete = pending;
                pending = line instanceof Line.IntervalOpened opened ? new Pending(opened) : null;
                if (complete != null || line == null) {
                    return complete == null ? null : complete.interval();
                }
                continue;
            }
            try {
                accept(line);
            } catch (MalformedLineException e) {
                throw malformed(e);
            }
        }
    }

    private @Nullable Line readLine() throws IOException {
        try {
            String text = lines.readLine();
            if (text == null) {
                truncated = end == null || lines.cut();
                return null;
            }
            lineLength = text.length();
            Line line = parser.parse(text);
            if (end != null && !(line instanceof Line.Ignored)) {
                throw new MalformedLineException("there is data after the end of the run");
            }
            return line;
        } catch (MalformedLineException e) {
            throw malformed(e);
        }
    }

    private void accept(Line line) throws MalformedLineException {
        switch (line) {
            case Line.SeriesDefined(String tag, SeriesKey key) -> keys.put(tag, key);
            case Line.Stats stats -> inInterval().stats(stats);
            case Line.Samples(String tag, Histogram histogram) -> {
                SeriesKey key = keys.get(tag);
                if (key == null) {
                    throw new MalformedLineException("the tag \"" + tag + "\" was not defined before");
                }
                inInterval().samples(key, histogram, memoryLimit);
            }
            case Line.Slow(SlowEvent event) -> inInterval().slow(event, 2L * lineLength, memoryLimit);
            case Line.Flagged(Regression regression) -> inInterval().flagged(regression, 2L * lineLength, memoryLimit);
            case Line.EvidenceOpened opened -> completeEvidence(new PendingEvidence(opened, memoryLimit));
            case Line.EvidenceElement(Record element) -> {
                if (pendingEvidence == null) {
                    throw new MalformedLineException("an element of evidence without evidence before it");
                }
                pendingEvidence.add(element, EVIDENCE_BYTES + 2L * lineLength);
                completeEvidence(pendingEvidence);
            }
            case Line.OwnerDefined(long number, Container owner) -> define(number, owner);
            case Line.Shared shared -> inInterval().shared(share(shared), 2L * lineLength, memoryLimit);
            case Line.Acted acted -> inInterval().acted(activity(acted), 2L * lineLength, memoryLimit);
            case Line.CanaryMeasured(Canary canary) -> remember(canary);
            case Line.Ended(RunEnd runEnd) -> end = runEnd;
            case Line.Run _ -> throw new MalformedLineException("a second run starts: split the file here");
            case Line.IntervalOpened _, Line.Ignored _ -> {}
        }
    }

    /** Of evidence that was cut short nothing is taken. */
    private void completeEvidence(PendingEvidence read) {
        pendingEvidence = read;
        if (read.isComplete()) {
            evidence = read.evidence();
        }
    }

    private void define(long number, Container owner) throws MalformedLineException {
        if (owners.putIfAbsent(number, owner) != null) {
            throw new MalformedLineException("the owner " + number + " is defined twice");
        }
    }

    private Container owner(long number) throws MalformedLineException {
        Container owner = owners.get(number);
        if (owner == null) {
            throw new MalformedLineException("the owner " + number + " was not defined before");
        }
        return owner;
    }

    private Share share(Line.Shared shared) throws MalformedLineException {
        return new Share(
                owner(shared.victim()),
                shared.operation(),
                shared.resource(),
                shared.device(),
                owner(shared.culprit()),
                shared.ns());
    }

    private Activity activity(Line.Acted acted) throws MalformedLineException {
        return new Activity(
                owner(acted.owner()),
                acted.pid(),
                acted.comm(),
                acted.file(),
                acted.kind(),
                acted.place(),
                acted.count(),
                acted.bytes(),
                acted.totalNs());
    }

    private void remember(Canary canary) {
        if (canaries.size() == Format.REMEMBERED_CANARIES) {
            canaries.removeFirst();
        }
        canaries.addLast(canary);
    }

    private Pending inInterval() throws MalformedLineException {
        if (pending == null) {
            throw new MalformedLineException("there is data before the first interval");
        }
        return pending;
    }

    private RunStart readRun() throws IOException {
        for (int i = 0; i < MAX_LINES_BEFORE_RUN; i++) {
            String text;
            try {
                text = lines.readLine();
            } catch (MalformedLineException e) {
                throw foreign(e);
            }
            if (text == null) {
                throw lines.number() == 1 && !lines.cut()
                        ? new RecordingException(path + " is empty: nothing was recorded")
                        : new RecordingException(
                                path + " is not a writescope recording, or was cut before its first interval");
            }
            if (!text.startsWith("#")) {
                throw foreign(null);
            }
            try {
                if (parser.parse(text) instanceof Line.Run(RunStart run)) {
                    return run;
                }
            } catch (MalformedLineException e) {
                throw malformed(e);
            }
        }
        throw foreign(null);
    }

    private RecordingException foreign(@Nullable Exception cause) {
        return new RecordingException(
                path + ":" + lines.number()
                        + ": not a writescope recording: only files of writescope record or trace -o can be read",
                cause);
    }

    private RecordingException malformed(MalformedLineException e) {
        return new RecordingException(path + ":" + lines.number() + ": " + e.getMessage(), e);
    }

    @Override
    public void close() throws IOException {
        parser.close();
        lines.close();
    }

    /** The interval whose lines are being read. */
    private static final class Pending {
        private static final long EVENT_BYTES = 1024;

        private final Line.IntervalOpened opened;
        private final List<SeriesInterval> series = new ArrayList<>();
        private final List<SlowEvent> slow = new ArrayList<>();
        private final List<Regression> regressions = new ArrayList<>();
        private final List<Share> shares = new ArrayList<>();
        private final List<Activity> activity = new ArrayList<>();
        private final Set<SeriesKey> seen = new HashSet<>();
        private Line.@Nullable Stats stats;
        private long memory;

        Pending(Line.IntervalOpened opened) {
            this.opened = opened;
        }

        void stats(Line.Stats next) throws MalformedLineException {
            if (stats != null) {
                throw new MalformedLineException("stats follow stats: a histogram is missing");
            }
            stats = next;
        }

        void samples(SeriesKey key, Histogram histogram, long memoryLimit) throws MalformedLineException {
            Line.Stats exact = stats;
            stats = null;
            if (exact == null) {
                throw new MalformedLineException("a histogram without stats");
            }
            if (!seen.add(key)) {
                throw new MalformedLineException("a series comes twice in one interval");
            }
            if (histogram.getTotalCount() <= 0) {
                throw new MalformedLineException("the histogram is empty");
            }
            use(histogram.getEstimatedFootprintInBytes(), memoryLimit);
            series.add(new SeriesInterval(
                    key,
                    histogram.getTotalCount(),
                    exact.errors(),
                    exact.bytes(),
                    exact.minNs(),
                    exact.maxNs(),
                    exact.sumNs(),
                    histogram));
        }

        void slow(SlowEvent event, long textBytes, long memoryLimit) throws MalformedLineException {
            use(EVENT_BYTES + textBytes, memoryLimit);
            slow.add(event);
        }

        void flagged(Regression regression, long textBytes, long memoryLimit) throws MalformedLineException {
            use(EVENT_BYTES + textBytes, memoryLimit);
            regressions.add(regression);
        }

        void shared(Share share, long textBytes, long memoryLimit) throws MalformedLineException {
            use(EVENT_BYTES + textBytes, memoryLimit);
            shares.add(share);
        }

        void acted(Activity done, long textBytes, long memoryLimit) throws MalformedLineException {
            use(EVENT_BYTES + textBytes, memoryLimit);
            activity.add(done);
        }

        private void use(long bytes, long limit) throws MalformedLineException {
            memory += bytes;
            if (memory > limit) {
                throw new MalformedLineException(
                        "the interval does not fit into memory: give Java more with -Xmx, or record fewer containers");
            }
        }

        Interval interval() {
            return new Interval(
                    opened.start(),
                    opened.duration(),
                    List.copyOf(series),
                    List.copyOf(slow),
                    opened.lost(),
                    List.copyOf(regressions),
                    List.copyOf(shares),
                    List.copyOf(activity));
        }
    }
}
