package dev.writescope.probe;

/**
 * One commit of a jbd2 journal; times are CLOCK_MONOTONIC nanoseconds at which each phase began.
 *
 * @param device of the file system, the kernel's dev_t
 * @param transaction the journal's number of it
 * @param startNs nobody may join any more; waits for those who still hold handles
 * @param flushingNs data of files in the transaction is written and waited for
 * @param loggingNs that data is durable as far as it was waited for; the journal's own blocks and its commit record follow
 * @param endNs it is durable
 */
public record CommitRecord(int device, int transaction, long startNs, long flushingNs, long loggingNs, long endNs) {}
