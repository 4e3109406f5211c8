/** Series, their histograms and the interval clock: one writer thread, no locks, no allocation per event. */
@NullMarked
package dev.writescope.latency;

import org.jspecify.annotations.NullMarked;
