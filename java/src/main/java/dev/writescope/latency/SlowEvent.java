package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.probe.Kind;
import java.time.Instant;
import java.util.Map;

/**
 * One operation that took at least as long as {@code --slow}.
 *
 * @param file the path as the container sees it, as far as known; empty when it is not
 * @param offset of a write, or of the synced range; -1 when there is none
 * @param bytes written or synced; -1 when not known
 * @param phases parts of the latency in nanoseconds by name, such as "underlying" (time in the real file system
 *     below overlay), "queue", "device"
 */
public record SlowEvent(
        Instant time,
        Container container,
        Kind kind,
        long latencyNs,
        int pid,
        int tid,
        String comm,
        String file,
        long offset,
        long bytes,
        String device,
        Map<String, Long> phases) {}
