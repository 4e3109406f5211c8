/** Whether latencies differ between two recordings, by how much at least and at most, and what else differs. */
@NullMarked
package dev.writescope.compare;

import org.jspecify.annotations.NullMarked;
