package dev.writescope.probe;

/**
 * A slow operation as the kernel told it.
 *
 * @param kind code of a {@link Kind}
 * @param underlyingNs time in the real file system below overlay; 0 if not on overlay
 * @param queueNs of a block request; -1 if not known
 * @param deviceNs of a block request; -1 if not known
 * @param endNs CLOCK_MONOTONIC
 * @param path below the mount's root, with a leading "/"; "…/" first when it was too deep; empty when not known
 * @param offset -1 if there is none
 */
public record SlowRecord(
        int kind,
        long cgroup,
        long latencyNs,
        long underlyingNs,
        long queueNs,
        long deviceNs,
        long endNs,
        int device,
        int mount,
        int magic,
        int pid,
        int tid,
        String comm,
        String path,
        long offset,
        long bytes) {}
