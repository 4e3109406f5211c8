/** Real containers on real disks for tests, and the measurements of others to check ours against. */
@NullMarked
package dev.writescope.stage;

import org.jspecify.annotations.NullMarked;
