package dev.writescope.latency;

import dev.writescope.probe.Coverage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a run is about, told before its first interval.
 *
 * @param version of writescope
 * @param kernel release, as uname -r
 * @param machine what it runs on, such as "x86_64, 2 × AMD EPYC 9B14"; empty when not known
 * @param containers the patterns that select containers; empty for all
 */
public record RunStart(
        Instant time,
        String version,
        String host,
        String kernel,
        String machine,
        String cgroupMode,
        Duration interval,
        int significantDigits,
        List<String> containers,
        List<Coverage> coverage) {}
