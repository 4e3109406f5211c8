package dev.writescope.recording;

import dev.writescope.container.Container;
import dev.writescope.container.MountClass;
import dev.writescope.latency.Place;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesKey;
import dev.writescope.latency.Share;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * From the text of one line to what it says; the result depends on that text alone. Never trusts it: anything but
 * a sound line is a {@link MalformedLineException}. Not thread-safe.
 */
final class LineParser implements AutoCloseable {
    private static final Line IGNORED = new Line.Ignored();
    private static final int MAX_TAG_CHARS = 256;

    private final HistogramCodec codec = new HistogramCodec();

    /** {@code text} without its line break. */
    Line parse(String text) throws MalformedLineException {
        if (text.startsWith("#[") && text.endsWith("]")) {
            int space = text.indexOf(' ');
            return space < 0
                    ? IGNORED
                    : context(text.substring(2, space), text.substring(space + 1, text.length() - 1));
        }
        if (text.startsWith("#") || text.isEmpty() || text.equals(Format.LEGEND)) {
            return IGNORED;
        }
        if (text.startsWith("Tag=")) {
            return samples(text);
        }
        throw new MalformedLineException("neither a comment nor a tagged histogram");
    }

    private static Line context(String name, String json) throws MalformedLineException {
        return switch (name) {
            case Format.RUN -> new Line.Run(run(Json.parseObject(json)));
            case Format.INTERVAL -> interval(Json.parseObject(json));
            case Format.SERIES -> series(Json.parseObject(json));
            case Format.STATS -> stats(Json.parseArray(json));
            case Format.SLOW -> new Line.Slow(slow(Json.parseObject(json)));
            case Format.REGRESSION -> new Line.Flagged(regression(Json.parseObject(json)));
            case Format.OWNER -> owner(Json.parseObject(json));
            case Format.SHARE -> share(Json.parseObject(json));
            case Format.ACTIVITY -> activity(Json.parseObject(json));
            case Format.CANARY -> new Line.CanaryMeasured(canary(Json.parseObject(json)));
            case Format.END -> new Line.Ended(end(Json.parseObject(json)));
            case Format.EVIDENCE -> EvidenceParser.head(Json.parseObject(json));
            default ->
                name.startsWith(Format.EVIDENCE_ELEMENT)
                        ? EvidenceParser.element(name.substring(Format.EVIDENCE_ELEMENT.length()), json)
                        : IGNORED;
        };
    }

    /** Only tag and histogram count: times and maximum are in other lines, exactly. */
    private Line samples(String text) throws MalformedLineException {
        String[] columns = text.split(",", 6);
        if (columns.length != 5) {
            throw new MalformedLineException(
                    "a histogram line has 5 columns, this one has " + (columns.length > 5 ? "more" : columns.length));
        }
        return new Line.Samples(columns[0].substring("Tag=".length()), codec.decode(columns[4]));
    }

    private static RunStart run(Fields fields) throws MalformedLineException {
        long schema = fields.integer("schema", Long.MIN_VALUE, Long.MAX_VALUE);
        if (schema != Format.SCHEMA) {
            throw new MalformedLineException("the recording has schema " + schema + ", written by writescope "
                    + fields.string("version") + "; this one reads schema " + Format.SCHEMA
                    + ": use that version of writescope");
        }
        List<Coverage> coverage = new ArrayList<>();
        for (Fields each : fields.objects("coverage")) {
            coverage.add(new Coverage(
                    each.oneOf("operation", Operation.values(), Operation::label),
                    each.string("backend"),
                    each.strings("misses")));
        }
        return new RunStart(
                fields.instant("time"),
                fields.string("version"),
                fields.string("host"),
                fields.string("kernel"),
                fields.string("machine"),
                fields.string("cgroup_mode"),
                fields.nanoseconds("interval_ns"),
                (int) fields.integer("significant_digits", 0, Format.MAX_DIGITS),
                fields.strings("containers"),
                List.copyOf(coverage));
    }

    private static Line interval(Fields fields) throws MalformedLineException {
        return new Line.IntervalOpened(fields.instant("start"), fields.nanoseconds("duration_ns"), lost(fields));
    }

    private static Line series(Fields fields) throws MalformedLineException {
        String tag = fields.string("tag");
        if (tag.isEmpty() || tag.length() > MAX_TAG_CHARS) {
            throw new MalformedLineException("a tag has 1 to " + MAX_TAG_CHARS + " characters");
        }
        return new Line.SeriesDefined(
                tag,
                new SeriesKey(
                        container(fields.object("container")),
                        fields.integer("cgroup_id", Long.MIN_VALUE, Long.MAX_VALUE),
                        kind(fields),
                        fields.oneOf("stage", Stage.values(), Stage::label),
                        place(fields)));
    }

    private static Place place(Fields fields) throws MalformedLineException {
        return new Place(
                fields.string("fstype"),
                fields.string("device"),
                fields.string("mount"),
                fields.has("mount_class") ? fields.oneOf("mount_class", MountClass.values(), MountClass::label) : null,
                fields.string("options"));
    }

    private static Line stats(List<?> values) throws MalformedLineException {
        if (values.size() < 5) {
            throw new MalformedLineException("stats are errors, bytes, min, max and sum, here are " + values.size());
        }
        long errors = Fields.inRange("errors", values.get(0), 0, Long.MAX_VALUE);
        long bytes = Fields.inRange("bytes", values.get(1), 0, Long.MAX_VALUE);
        long max = Fields.inRange("max", values.get(3), 0, Long.MAX_VALUE);
        long min = Fields.inRange("min", values.get(2), 0, max);
        return new Line.Stats(errors, bytes, min, max, Fields.inRange("sum", values.get(4), 0, Long.MAX_VALUE));
    }

    private static SlowEvent slow(Fields fields) throws MalformedLineException {
        return new SlowEvent(
                fields.instant("time"),
                container(fields.object("container")),
                kind(fields),
                fields.integer("latency_ns", 0, Long.MAX_VALUE),
                (int) fields.integer("pid", Integer.MIN_VALUE, Integer.MAX_VALUE),
                (int) fields.integer("tid", Integer.MIN_VALUE, Integer.MAX_VALUE),
                fields.string("comm"),
                fields.string("file"),
                fields.integer("offset", Long.MIN_VALUE, Long.MAX_VALUE),
                fields.integer("bytes", Long.MIN_VALUE, Long.MAX_VALUE),
                fields.string("device"),
                fields.nanosecondsByName("phases"));
    }

    private static Regression regression(Fields fields) throws MalformedLineException {
        double quantile = fields.decimal("quantile");
        if (!(quantile > 0 && quantile < 1)) {
            throw new MalformedLineException("\"quantile\" must be between 0 and 1");
        }
        return new Regression(
                fields.instant("time"),
                container(fields.object("container")),
                operation(fields),
                fields.has("kind") ? kind(fields) : null,
                fields.has("mount") ? fields.string("mount") : null,
                quantile,
                fields.integer("baseline_ns", 0, Long.MAX_VALUE),
                fields.integer("current_ns", 0, Long.MAX_VALUE),
                fields.instant("since"),
                fields.oneOf("state", Regression.State.values(), Regression.State::label));
    }

    private static Line owner(Fields fields) throws MalformedLineException {
        return new Line.OwnerDefined(
                fields.integer("number", 0, Long.MAX_VALUE), container(fields.object("container")));
    }

    private static Line share(Fields fields) throws MalformedLineException {
        return new Line.Shared(
                fields.integer("victim", 0, Long.MAX_VALUE),
                operation(fields),
                fields.oneOf("resource", Share.Resource.values(), Share.Resource::label),
                fields.string("device"),
                fields.integer("culprit", 0, Long.MAX_VALUE),
                fields.integer("ns", 0, Long.MAX_VALUE));
    }

    private static Line activity(Fields fields) throws MalformedLineException {
        return new Line.Acted(
                fields.integer("owner", 0, Long.MAX_VALUE),
                (int) fields.integer("pid", Integer.MIN_VALUE, Integer.MAX_VALUE),
                fields.string("comm"),
                fields.string("file"),
                kind(fields),
                place(fields),
                fields.integer("count", 0, Long.MAX_VALUE),
                fields.integer("bytes", 0, Long.MAX_VALUE),
                fields.integer("total_ns", 0, Long.MAX_VALUE));
    }

    private static Canary canary(Fields fields) throws MalformedLineException {
        return new Canary(
                fields.instant("time"),
                fields.integer("count", 1, Long.MAX_VALUE),
                fields.integer("p50_ns", 0, Long.MAX_VALUE),
                fields.integer("p95_ns", 0, Long.MAX_VALUE));
    }

    private static RunEnd end(Fields fields) throws MalformedLineException {
        return new RunEnd(
                fields.instant("start"),
                fields.nanoseconds("duration_ns"),
                List.of(),
                fields.integer("events", 0, Long.MAX_VALUE),
                fields.integer("unattributed", 0, Long.MAX_VALUE),
                lost(fields),
                fields.decimal("agent_cpu_s"),
                fields.integer("agent_rss_bytes", 0, Long.MAX_VALUE));
    }

    static Container container(Fields fields) throws MalformedLineException {
        return new Container(
                fields.oneOf(
                        "type", Container.Type.values(), type -> type.name().toLowerCase(Locale.ROOT)),
                fields.string("name"),
                fields.string("id"),
                fields.string("runtime"),
                fields.string("namespace"),
                fields.string("pod"),
                fields.string("pod_uid"),
                fields.string("image"),
                fields.string("service"));
    }

    private static Kind kind(Fields fields) throws MalformedLineException {
        Operation operation = operation(fields);
        Kind[] kinds = Arrays.stream(Kind.values())
                .filter(kind -> kind.operation() == operation)
                .toArray(Kind[]::new);
        return fields.oneOf("kind", kinds, Kind::label);
    }

    private static Operation operation(Fields fields) throws MalformedLineException {
        return fields.oneOf("operation", Operation.values(), Operation::label);
    }

    private static Losses lost(Fields fields) throws MalformedLineException {
        Fields lost = fields.object("lost");
        return new Losses(
                lost.integer("fsync", 0, Long.MAX_VALUE),
                lost.integer("write", 0, Long.MAX_VALUE),
                lost.integer("block", 0, Long.MAX_VALUE),
                lost.has("parts") ? lost.integer("parts", 0, Long.MAX_VALUE) : 0,
                lost.has("activity") ? lost.integer("activity", 0, Long.MAX_VALUE) : 0);
    }

    @Override
    public void close() {
        codec.close();
    }
}
