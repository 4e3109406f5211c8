package dev.writescope.latency;

import dev.writescope.container.Container;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Mount;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Operation;
import org.jspecify.annotations.Nullable;

/** Turns the numbers of an event into who, where and which file. As thread-safe as its names. */
record Naming(Names names) {
    Container container(Kind kind, long cgroup) {
        return names.container(space(kind), cgroup);
    }

    /** @param mount 0 if there is none */
    @Nullable
    Mount mount(Kind kind, long cgroup, int mount) {
        return mount == 0 ? null : names.mount(space(kind), cgroup, mount);
    }

    Place place(Kind kind, long cgroup, int device, int mount, int magic) {
        Mount found = mount(kind, cgroup, mount);
        String fstype = found == null ? FileSystems.name(magic) : found.fstype();
        return new Place(
                fstype,
                device(device),
                found == null ? "" : found.point(),
                found == null ? null : found.mountClass(),
                found == null ? "" : found.allOptions());
    }

    private static IdSpace space(Kind kind) {
        return kind.operation() == Operation.BLOCK ? IdSpace.BLOCK : IdSpace.TASK;
    }

    /** The kernel's dev_t as people write it; empty for none. */
    static String device(int device) {
        return device == 0 ? "" : (device >>> 20) + ":" + (device & 0xfffff);
    }

    /** The programs send the path from the root of the file system; the mount may show only a part of that. */
    static String file(String path, @Nullable Mount mount) {
        if (mount == null || !path.startsWith("/")) {
            return path;
        }
        String root = mount.root().equals("/") ? "" : mount.root();
        String point = mount.point().equals("/") ? "" : mount.point();
        return (path + "/").startsWith(root + "/") ? point + path.substring(root.length()) : path;
    }
}
