package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.container.IdSpace;

/**
 * Whether a request belongs to who waits. The ids of the two differ where the hierarchies do, so containers are compared,
 * and remembered for runs of requests of one cgroup. Belongs to the recording thread.
 */
final class Owners {
    /** Whose a request is, as seen by who waits. */
    enum Owner {
        SELF,
        NOBODY,
        OTHER
    }

    private final Names names;
    private Container self = Container.UNATTRIBUTED;
    private long cgroup;
    private Owner owner = Owner.NOBODY;
    private boolean asked;

    Owners(Names names) {
        this.names = names;
    }

    /** Who waits from now on, by the cgroup of its task. */
    void waits(long taskCgroup) {
        self = names.container(IdSpace.TASK, taskCgroup);
        asked = false;
    }

    /** Most differ in their name, and a record takes long to say so. */
    private boolean isSelf(Container container) {
        return container.name().equals(self.name()) && container.equals(self);
    }

    Owner of(long blockCgroup) {
        if (!asked || blockCgroup != cgroup) {
            Container container = names.container(IdSpace.BLOCK, blockCgroup);
            asked = true;
            cgroup = blockCgroup;
            owner = container.type() == Container.Type.UNATTRIBUTED
                    ? Owner.NOBODY
                    : isSelf(container) ? Owner.SELF : Owner.OTHER;
        }
        return owner;
    }
}
