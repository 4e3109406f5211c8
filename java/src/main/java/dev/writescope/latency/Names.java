package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Mount;
import org.jspecify.annotations.Nullable;

/** Who and where the numbers of an event are. Must not block: what is not known yet may be known a moment later. */
public interface Names {
    Container container(IdSpace space, long cgroup);

    @Nullable
    Mount mount(IdSpace space, long cgroup, int mount);
}
