package dev.writescope.detect;

import java.time.Duration;

/**
 * How readily a detector speaks.
 *
 * @param budget false alarms per container and day that are tolerated, above 0
 * @param warmUp how long a series is learned before it is judged for the first time
 * @param perMount whether each mount of a container is judged by itself
 */
public record DetectorSettings(double budget, Duration warmUp, boolean perMount) {
    public static final DetectorSettings DEFAULT = new DetectorSettings(1, Duration.ofMinutes(2), false);

    public DetectorSettings {
        if (!(budget > 0) || warmUp.isNegative() || warmUp.isZero()) {
            throw new IllegalArgumentException("a budget above 0 and a positive warm-up are needed");
        }
    }
}
