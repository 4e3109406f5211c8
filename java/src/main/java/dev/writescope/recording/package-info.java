/** Recordings as HdrHistogram .hlog files: write, read, replay. */
@NullMarked
package dev.writescope.recording;

import org.jspecify.annotations.NullMarked;
