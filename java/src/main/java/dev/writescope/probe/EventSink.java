package dev.writescope.probe;

/** Takes decoded events on the thread that drains. Nothing here may block, and only {@link #slow} may allocate. */
public interface EventSink {
    /**
     * A write or a sync has ended.
     *
     * @param cgroup in the default hierarchy's id space
     * @param kind code of a {@link Kind}
     * @param device the kernel's dev_t: major &lt;&lt; 20 | minor; 0 if there is none
     * @param mount mountinfo's id, 0 if not known
     * @param magic the file system's magic number
     */
    void operation(long cgroup, int kind, int device, int mount, int magic, long latencyNs, long bytes, boolean failed);

    /**
     * A block request has passed a stage.
     *
     * @param cgroup in the id space of the io controller; 0 if nobody owns the request
     * @param stage code of a {@link Stage}
     */
    void block(long cgroup, int kind, int stage, int device, long latencyNs, long bytes, boolean failed);

    /** Bytes of a block request that is counted elsewhere. */
    void blockBytes(long cgroup, int kind, int device, long bytes);

    /** The detail of an operation that took at least the limit; it is also counted. */
    void slow(SlowRecord record);

    /** What an operation waited for; only where that was asked for, as are the two below, which may allocate too. */
    default void waited(WaitRecord record) {}

    /** A write that never slept, where waits were asked for: all of it was running. It is an operation as well. */
    default void ran(long cgroup, int kind, int device, int mount, int magic, long latencyNs) {}

    default void commit(CommitRecord record) {}

    default void request(RequestRecord record) {}
}
