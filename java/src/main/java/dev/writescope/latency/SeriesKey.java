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
    public Operation operation() {
        return kind.operation();
    }
}
