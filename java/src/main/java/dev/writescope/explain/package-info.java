/** Why a container's write path is slow, who did it, and what to do: causes and remedies, from what was measured. */
@NullMarked
package dev.writescope.explain;

import org.jspecify.annotations.NullMarked;
