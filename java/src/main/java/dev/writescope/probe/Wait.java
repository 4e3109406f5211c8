package dev.writescope.probe;

/**
 * What a thread slept for within an operation: waits at the same place of the kernel are one.
 *
 * @param ns altogether, until it was woken
 * @param endNs when the last of them ended, CLOCK_MONOTONIC
 * @param times how often it slept
 */
public record Wait(Cause cause, long ns, long endNs, int times) {
    /** What the kernel functions on the stack of a sleeping thread say that it waits for. */
    public enum Cause {
        /** Writeback of the file's own data: folio_wait_writeback, filemap_fdatawait_range, completion of direct I/O. */
        DATA,
        /** The end of a commit: jbd2_log_wait_commit, xfs log force, btrfs log or transaction. */
        COMMIT,
        /** A flush sent by the thread itself: blkdev_issue_flush. */
        FLUSH,
        /** Joining a transaction: start_this_handle, wait_transaction_locked, do_get_write_access. */
        JOURNAL,
        /** A free request, or the queue's own throttling: blk_mq_get_tag, rq_qos_wait. */
        REQUEST,
        LOCK,
        DIRTY_THROTTLED,
        COPY_UP,
        READ,
        /** The answer of a file system in user space. */
        SERVER,
        OTHER
    }
}
