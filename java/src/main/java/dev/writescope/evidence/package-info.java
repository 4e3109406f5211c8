/** What the host says about its disks, file systems, limits and processes: read from files, never judged here. */
@NullMarked
package dev.writescope.evidence;

import org.jspecify.annotations.NullMarked;
