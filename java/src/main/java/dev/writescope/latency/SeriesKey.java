package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import dev.writescope.probe.Stage;

/**
 * What one histogram is about: the finest grain that is kept. Views merge it.
 *
 * @param cgroupId the id the kernel sent, in the id space of the operation
 */
public record SeriesKey(Container container, long cgroupId, Kind kind, Stage stage, Place place) {
    private static final Container GONE = new Container(Container.Type.UNKNOWN, "gone", "", "", "", "", "", "", "");

    /** For all those together that are too many to be told apart. */
    public static SeriesKey gone(Kind kind, Stage stage) {
        return new SeriesKey(GONE, 0, kind, stage, new Place("", "", "", null));
    }

    public Operation operation() {
        return kind.operation();
    }
}
