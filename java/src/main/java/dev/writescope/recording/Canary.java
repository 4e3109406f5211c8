package dev.writescope.recording;

import java.time.Instant;

/**
 * How long a few fsyncs of our own took, which says how the disk was at that time, whatever the traced processes did.
 *
 * @param time when the first one began
 * @param count fsyncs made; above 0
 * @param p50Ns their median in nanoseconds
 * @param p95Ns what 95 % of them did not exceed
 */
public record Canary(Instant time, long count, long p50Ns, long p95Ns) {}
