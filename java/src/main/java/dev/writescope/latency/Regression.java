package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A latency got worse, or is no longer worse.
 *
 * @param time when it was noticed: the end of the interval that brought the evidence
 * @param kind null where all kinds of the operation are judged together
 * @param mount the mount point, null where all mounts are judged together
 * @param quantile the one that moved most evidently: 0.5, 0.9, 0.99 or 0.999
 * @param baselineNs its value before, in nanoseconds
 * @param currentNs its value since {@code since}
 * @param since when the change began, as far as the evidence tells
 */
public record Regression(
        Instant time,
        Container container,
        Operation operation,
        @Nullable Kind kind,
        @Nullable String mount,
        double quantile,
        long baselineNs,
        long currentNs,
        Instant since,
        State state) {

    /** What is said about it. */
    public enum State {
        /** It is worse. */
        ALARM,
        /** It was worse and is not any more. */
        RECOVERED,
        /** It has been worse for so long that this is the new normal. */
        ACCEPTED;

        /** As in output formats. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How many times the baseline the current value is; 0 if there is no baseline. */
    public double ratio() {
        return baselineNs == 0 ? 0 : (double) currentNs / baselineNs;
    }
}
