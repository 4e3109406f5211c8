package dev.writescope.view;

import dev.writescope.container.Container;
import dev.writescope.latency.Regression;
import dev.writescope.latency.SlowEvent;
import java.time.Instant;

/**
 * Something that happened to a container at a moment, for the bottom of the live view.
 *
 * @param alarm something got worse, as opposed to one slow operation or good news
 * @param text safe for a terminal
 */
record Notice(Instant time, Container container, boolean alarm, String text) {
    static Notice of(SlowEvent event) {
        return new Notice(event.time(), event.container(), false, SlowText.of(event));
    }

    static Notice of(Regression flag) {
        boolean alarm = flag.state() == Regression.State.ALARM;
        return new Notice(flag.time(), flag.container(), alarm, RegressionText.of(flag));
    }
}
