package dev.writescope.evidence;

import java.time.Duration;

/**
 * How much the walks over the writable layers of all chosen containers may cost together.
 *
 * @param entries looked at, at most
 * @param time taken, at most
 */
public record WalkLimits(long entries, Duration time) {
    public static final WalkLimits DEFAULT = new WalkLimits(100_000, Duration.ofSeconds(2));
}
