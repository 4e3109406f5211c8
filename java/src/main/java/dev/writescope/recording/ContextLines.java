package dev.writescope.recording;

import dev.writescope.container.Container;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Interval;
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
import java.util.Locale;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** The {@code #[name {…}]} lines; {@link LineParser} is their reader. */
final class ContextLines {
    private ContextLines() {}

    static String run(RunStart start) {
        return line(Format.RUN, json -> {
            json.writeNumberProperty("schema", Format.SCHEMA);
            text(json, "version", start.version());
            text(json, "time", start.time().toString());
            text(json, "host", start.host());
            text(json, "kernel", start.kernel());
            text(json, "machine", start.machine());
            text(json, "cgroup_mode", start.cgroupMode());
            json.writeNumberProperty("interval_ns", start.interval().toNanos());
            json.writeNumberProperty("significant_digits", start.significantDigits());
            array(json, "containers", start.containers(), json::writeString);
            array(json, "coverage", start.coverage(), coverage -> coverage(json, coverage));
        });
    }

    private static void coverage(JsonGenerator json, Coverage coverage) {
        json.writeStartObject();
        text(json, "operation", coverage.operation().label());
        text(json, "backend", coverage.backend());
        array(json, "misses", coverage.misses(), json::writeString);
        json.writeEndObject();
    }

    static String interval(Interval interval) {
        return line(Format.INTERVAL, json -> {
            text(json, "start", interval.start().toString());
            json.writeNumberProperty("duration_ns", interval.duration().toNanos());
            lost(json, interval.lost());
        });
    }

    static String series(String tag, SeriesKey key) {
        return line(Format.SERIES, json -> {
            text(json, "tag", tag);
            container(json, key.container());
            json.writeNumberProperty("cgroup_id", key.cgroupId());
            kind(json, key.kind());
            text(json, "stage", key.stage().label());
            place(json, key.place());
        });
    }

    static String slow(SlowEvent event) {
        return line(Format.SLOW, json -> {
            text(json, "time", event.time().toString());
            container(json, event.container());
            kind(json, event.kind());
            json.writeNumberProperty("latency_ns", event.latencyNs());
            json.writeNumberProperty("pid", event.pid());
            json.writeNumberProperty("tid", event.tid());
            text(json, "comm", event.comm());
            text(json, "file", event.file());
            json.writeNumberProperty("offset", event.offset());
            json.writeNumberProperty("bytes", event.bytes());
            text(json, "device", event.device());
            json.writeObjectPropertyStart("phases");
            event.phases().forEach(json::writeNumberProperty);
            json.writeEndObject();
        });
    }

    static String regression(Regression regression) {
        return line(Format.REGRESSION, json -> {
            text(json, "time", regression.time().toString());
            container(json, regression.container());
            text(json, "operation", regression.operation().label());
            if (regression.kind() != null) {
                text(json, "kind", regression.kind().label());
            }
            if (regression.mount() != null) {
                json.writeStringProperty("mount", regression.mount());
            }
            json.writeNumberProperty("quantile", regression.quantile());
            json.writeNumberProperty("baseline_ns", regression.baselineNs());
            json.writeNumberProperty("current_ns", regression.currentNs());
            text(json, "since", regression.since().toString());
            text(json, "state", regression.state().label());
        });
    }

    static String owner(long number, Container owner) {
        return line(Format.OWNER, json -> {
            json.writeNumberProperty("number", number);
            container(json, owner);
        });
    }

    /** Victim and culprit as numbers of owners. */
    static String share(Share share, long victim, long culprit) {
        return line(Format.SHARE, json -> {
            json.writeNumberProperty("victim", victim);
            text(json, "operation", share.operation().label());
            text(json, "resource", share.resource().label());
            text(json, "device", share.device());
            json.writeNumberProperty("culprit", culprit);
            json.writeNumberProperty("ns", share.ns());
        });
    }

    static String activity(Activity activity, long owner) {
        return line(Format.ACTIVITY, json -> {
            json.writeNumberProperty("owner", owner);
            json.writeNumberProperty("pid", activity.pid());
            text(json, "comm", activity.comm());
            text(json, "file", activity.file());
            kind(json, activity.kind());
            place(json, activity.place());
            json.writeNumberProperty("count", activity.count());
            json.writeNumberProperty("bytes", activity.bytes());
            json.writeNumberProperty("total_ns", activity.totalNs());
        });
    }

    static String canary(Canary canary) {
        return line(Format.CANARY, json -> {
            text(json, "time", canary.time().toString());
            json.writeNumberProperty("count", canary.count());
            json.writeNumberProperty("p50_ns", canary.p50Ns());
            json.writeNumberProperty("p95_ns", canary.p95Ns());
        });
    }

    static String end(RunEnd end) {
        return line(Format.END, json -> {
            text(json, "start", end.start().toString());
            json.writeNumberProperty("duration_ns", end.duration().toNanos());
            json.writeNumberProperty("events", end.events());
            json.writeNumberProperty("unattributed", end.unattributed());
            lost(json, end.lost());
            json.writeNumberProperty("agent_cpu_s", end.agentCpuSeconds());
            json.writeNumberProperty("agent_rss_bytes", end.agentRssBytes());
        });
    }

    static void container(JsonGenerator json, Container container) {
        json.writeObjectPropertyStart("container");
        text(json, "type", container.type().name().toLowerCase(Locale.ROOT));
        text(json, "name", container.name());
        text(json, "id", container.id());
        text(json, "runtime", container.runtime());
        text(json, "namespace", container.namespace());
        text(json, "pod", container.pod());
        text(json, "pod_uid", container.podUid());
        text(json, "image", container.image());
        text(json, "service", container.service());
        json.writeEndObject();
    }

    private static void kind(JsonGenerator json, Kind kind) {
        text(json, "operation", kind.operation().label());
        text(json, "kind", kind.label());
    }

    private static void place(JsonGenerator json, Place place) {
        text(json, "fstype", place.fstype());
        text(json, "device", place.device());
        text(json, "mount", place.mount());
        if (place.mountClass() != null) {
            text(json, "mount_class", place.mountClass().label());
        }
        text(json, "options", place.options());
    }

    private static void lost(JsonGenerator json, Losses lost) {
        json.writeObjectPropertyStart("lost");
        json.writeNumberProperty("fsync", lost.fsync());
        json.writeNumberProperty("write", lost.write());
        json.writeNumberProperty("block", lost.block());
        json.writeNumberProperty("parts", lost.parts());
        if (lost.activity() > 0) {
            json.writeNumberProperty("activity", lost.activity());
        }
        json.writeEndObject();
    }

    /** Empty strings are left out and read back as empty. */
    static void text(JsonGenerator json, String name, String value) {
        if (!value.isEmpty()) {
            json.writeStringProperty(name, value);
        }
    }

    static <T> void array(JsonGenerator json, String name, Iterable<T> elements, Consumer<T> write) {
        json.writeArrayPropertyStart(name);
        elements.forEach(write);
        json.writeEndArray();
    }

    static String line(String name, Consumer<JsonGenerator> members) {
        return "#[" + name + " " + Json.object(members) + "]\n";
    }
}
