/** Which programs to attach, what they cover, and the decoding of their records. */
@NullMarked
package dev.writescope.probe;

import org.jspecify.annotations.NullMarked;
