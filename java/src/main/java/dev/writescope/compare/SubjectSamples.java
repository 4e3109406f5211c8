package dev.writescope.compare;

import java.util.List;
import org.HdrHistogram.AbstractHistogram;

/**
 * What one recording has of a subject.
 *
 * @param latencies of the whole recording in nanoseconds; not to be written to
 * @param slots the recording over time in order, at most some thousand; each is made when it is asked for, so that
 *     the comparison of many subjects fits into memory
 */
public record SubjectSamples(long count, long errors, AbstractHistogram latencies, List<Slot> slots) {}
