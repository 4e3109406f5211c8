package dev.writescope.probe;

import java.util.Locale;

/**
 * A part of an operation's time. Block requests have {@link #QUEUE} and {@link #DEVICE}; syncs and writes have the
 * others, and those two, where it was asked where their time goes. The parts of an operation, which {@link #OVERLAY} is
 * not, add up to its {@link #TOTAL}; a part that took no time is not recorded, but {@link #RUNNING} always is: there are
 * as many of it as operations that were taken apart.
 */
public enum Stage {
    /** From a request's allocation until it was handed to the device; of an operation also its wait for a free request. */
    QUEUE,
    /** From the hand-over to the device until it completed. */
    DEVICE,
    TOTAL,
    /** On a CPU: copying into the page cache, checksums, allocation, submission. */
    RUNNING,
    /** Ready to run, waiting for a CPU. */
    RUNNABLE,
    /** A lock of the file system or the file, held by another thread. */
    LOCK,
    /** Its own data, held back before it became a request: by the limit of its own cgroup, as far as one is set. */
    THROTTLED,
    /** Its own data under writeback, where no request was seen that it waited for. */
    WRITEBACK,
    /** The journal's commit it needs has not begun: an earlier one has to end first. */
    COMMIT_QUEUE,
    /** The commit waits for the handles of its transaction that other threads hold. */
    COMMIT_LOCKED,
    /** The commit writes out and waits for the data of files in the same transaction: anybody's. */
    COMMIT_DATA,
    /** The commit writes the journal's own blocks and its commit record. */
    COMMIT_LOG,
    /** A commit, or a log force of another journal, whose phases are not known. */
    COMMIT,
    /** The device empties its write cache. */
    FLUSH,
    /** A transaction of the journal has to be joined, and is locked or full. */
    JOURNAL,
    /** Held back until less is dirty: balance_dirty_pages. */
    DIRTY_THROTTLED,
    /** Overlay copies the file up from a lower layer first. */
    COPY_UP,
    /** Data has to be read first. */
    READ,
    /** A file system in user space has to answer. */
    SERVER,
    /** Any other wait. */
    OTHER,
    /**
     * What overlay itself adds: all but the time in the file system below. No part, since its time is in the others as
     * well; only of operations on overlay that came to a file below.
     */
    OVERLAY;

    private static final Stage[] BY_CODE = values();

    /** Whether it is one of those that add up to the whole. */
    public boolean isPart() {
        return this != TOTAL && this != OVERLAY;
    }

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A number for it where no object may be made. */
    @SuppressWarnings("EnumOrdinal")
    public int code() {
        return ordinal();
    }

    /**
     * The stage that a code stands for.
     *
     * @throws IndexOutOfBoundsException for a code that is none
     */
    public static Stage ofCode(int code) {
        return BY_CODE[code];
    }
}
