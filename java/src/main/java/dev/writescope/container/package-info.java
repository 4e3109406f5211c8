/** From a cgroup id to a container, its pod and its mounts. */
@NullMarked
package dev.writescope.container;

import org.jspecify.annotations.NullMarked;
