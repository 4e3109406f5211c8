package dev.writescope.latency;

import dev.writescope.probe.Losses;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The totals of a run, told once after its last interval.
 *
 * @param totals every series over the whole run
 * @param events operations counted
 * @param unattributed those of them without an owner
 * @param agentCpuSeconds CPU time of this process
 * @param agentRssBytes its resident memory now
 */
public record RunEnd(
        Instant start,
        Duration duration,
        List<SeriesInterval> totals,
        long events,
        long unattributed,
        Losses lost,
        double agentCpuSeconds,
        long agentRssBytes) {}
