package dev.writescope.recording;

/** Names and limits of the format, shared by writer and reader. */
final class Format {
    static final int SCHEMA = 1;

    static final String VERSION_LINE = "#[Histogram log format version 1.3]";
    static final String LEGEND =
            "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"";

    static final String RUN = "writescope";
    static final String INTERVAL = "interval";
    static final String SERIES = "series";
    static final String STATS = "stats";
    static final String SLOW = "slow";
    static final String REGRESSION = "regression";
    static final String OWNER = "owner";
    static final String SHARE = "share";
    static final String ACTIVITY = "activity";
    static final String CANARY = "canary";
    static final String END = "end";
    static final String EVIDENCE = "evidence";
    /** Before the name of a list of {@link dev.writescope.evidence.Evidence}, one line an element. */
    static final String EVIDENCE_ELEMENT = EVIDENCE + ".";

    /** Every recording has its run line within this many bytes. */
    static final int HEAD_BYTES = 64 * 1024;

    /** Above the largest possible histogram of 3 digits (56 K buckets of at most 9 bytes) in base64. */
    static final int MAX_LINE_BYTES = 1024 * 1024;

    /** Series defined at a time; the least recently used one is forgotten. */
    static final int REMEMBERED_SERIES = 65_536;

    /** Owners defined at a time; the one defined first is forgotten. */
    static final int REMEMBERED_OWNERS = 4096;

    static final int REMEMBERED_CANARIES = 1024;

    /**
     * Elements of one evidence. Collectors give fewer: 8192 mounts at the start and as many in the end, a writable layer
     * for each at most, and some thousand of all else.
     */
    static final int MAX_EVIDENCE = 65_536;

    static final int MAX_DIGITS = 3;

    private Format() {}
}
