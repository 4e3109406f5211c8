package dev.writescope.export;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Regression;
import dev.writescope.latency.RunEnd;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Regressions for tests. */
final class Flags {
    static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    static final RunEnd END = new RunEnd(NOON, Duration.ofSeconds(23), List.of(), 0, 0, Losses.NONE, 0, 0);

    private Flags() {}

    /** The P99 of its fsyncs, of one kind and mount if there is a mount. */
    static Regression of(String name, @Nullable String mount) {
        Container container = new Container(
                Container.Type.CONTAINER, name, "c0ffee17", "containerd", "shop", name + "-0", "uid", "image:1", "");
        return new Regression(
                NOON.plusSeconds(17),
                container,
                Operation.FSYNC,
                mount == null ? null : Kind.FDATASYNC,
                mount,
                0.99,
                2_100_007,
                93_000_017,
                NOON.plusSeconds(1),
                Regression.State.ALARM);
    }

    static Interval interval(List<Regression> regressions) {
        return new Interval(NOON, Duration.ofSeconds(1), List.of(), List.of(), Losses.NONE, regressions);
    }
}
