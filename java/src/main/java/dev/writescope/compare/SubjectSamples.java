package dev.writescope.compare;

import java.util.List;
import org.HdrHistogram.AbstractHistogram;

/**
 * What one recording has of a subject.
 *
 * @param latencies of the whole recording in nanoseconds; not to be written to
 * @param slots the recording over time, without gaps, at most some thousand
 */
public record SubjectSamples(long count, long errors, AbstractHistogram latencies, List<Slot> slots) {
    public SubjectSamples {
        slots = List.copyOf(slots);
    }
}
