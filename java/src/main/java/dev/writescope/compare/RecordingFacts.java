package dev.writescope.compare;

import dev.writescope.latency.RunStart;
import dev.writescope.probe.Losses;
import java.time.Duration;

/**
 * What a recording is, without its latencies.
 *
 * @param file as the user named it
 * @param duration of what is recorded
 * @param events operations in it
 * @param truncated whether it was cut short
 */
public record RecordingFacts(
        String file, RunStart start, Duration duration, long events, Losses lost, boolean truncated) {}
