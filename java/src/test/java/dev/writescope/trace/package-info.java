/** The whole program against the real kernel and real containers, judged by what did not come from us. */
@NullMarked
package dev.writescope.trace;

import org.jspecify.annotations.NullMarked;
