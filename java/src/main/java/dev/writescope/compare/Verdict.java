package dev.writescope.compare;

/** What can be said of a change, given its confidence interval and the smallest change of interest. */
public enum Verdict {
    /** The whole interval is above the smallest change of interest. */
    REGRESSED,
    /** The whole interval is below it. */
    IMPROVED,
    /** The whole interval is within it. */
    NO_CHANGE,
    /** The interval allows for more than one of these. */
    NOT_ENOUGH_DATA
}
