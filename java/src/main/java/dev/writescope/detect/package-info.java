/** Notices, from interval histograms alone and with a stated rate of false alarms, that a latency has got worse. */
@NullMarked
package dev.writescope.detect;

import org.jspecify.annotations.NullMarked;
