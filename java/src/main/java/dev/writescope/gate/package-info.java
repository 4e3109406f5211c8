/** The verdict on a command in CI: run it, compare it with a baseline, and say green, red, or why neither. */
@NullMarked
package dev.writescope.gate;

import org.jspecify.annotations.NullMarked;
