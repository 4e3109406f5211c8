@NullMarked
package dev.writescope.gate;

import org.jspecify.annotations.NullMarked;
