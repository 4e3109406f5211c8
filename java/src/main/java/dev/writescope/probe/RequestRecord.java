package dev.writescope.probe;

/**
 * One completed block request (or the data part of a flushed one) with its times, CLOCK_MONOTONIC nanoseconds.
 *
 * @param cgroup who is charged with it, in the id space of the io controller; 0: nobody
 * @param kind code of a {@link Kind}
 * @param startNs when it was allocated
 * @param issueNs when it was handed to the device; 0 if it never was by itself
 */
public record RequestRecord(
        long cgroup, int kind, int device, long startNs, long issueNs, long endNs, long sector, long bytes) {}
