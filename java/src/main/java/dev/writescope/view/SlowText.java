package dev.writescope.view;

import dev.writescope.latency.SlowEvent;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.StringJoiner;

/** A slow operation as one line of terminal text: what and how long first, the detail after it. */
final class SlowText {
    static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private SlowText() {}

    /** Without time and container. */
    static String of(SlowEvent event) {
        StringJoiner text = new StringJoiner("  ");
        text.add(event.kind().operation().label() + "/" + event.kind().label());
        text.add(Durations.format(event.latencyNs()));
        if (!event.phases().isEmpty()) {
            text.add(phases(event));
        }
        if (event.pid() > 0) {
            text.add(Printable.of(event.comm()) + "[" + event.pid() + thread(event) + "]");
        }
        if (!event.file().isEmpty()) {
            text.add(Printable.of(event.file()));
        }
        if (event.bytes() >= 0) {
            text.add(Figures.bytes(event.bytes()) + (event.offset() >= 0 ? " at " + event.offset() : ""));
        }
        if (!event.device().isEmpty()) {
            text.add("dev " + Printable.of(event.device()));
        }
        return text.toString();
    }

    private static String thread(SlowEvent event) {
        return event.tid() == event.pid() ? "" : "/" + event.tid();
    }

    private static String phases(SlowEvent event) {
        StringJoiner phases = new StringJoiner(", ", "(", ")");
        event.phases().forEach((name, ns) -> phases.add(Printable.of(name) + " " + Durations.format(ns)));
        return phases.toString();
    }
}
