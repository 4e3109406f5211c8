package dev.writescope.container;

/** The two kinds of cgroup id that the kernel sends. On a pure cgroup v2 host they are the same. */
public enum IdSpace {
    /** The cgroup of a task in the default (v2) hierarchy, as bpf_get_current_cgroup_id() returns it. */
    TASK,
    /** The cgroup that block I/O is charged to: the hierarchy of the blkio (v1) or io (v2) controller. */
    BLOCK
}
