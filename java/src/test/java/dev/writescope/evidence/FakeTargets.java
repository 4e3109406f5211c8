package dev.writescope.evidence;

import dev.writescope.container.Container;
import dev.writescope.container.ContainerCgroup;
import dev.writescope.container.FakeHost;
import dev.writescope.container.IdSpace;
import java.nio.file.Path;
import java.util.List;

/** Containers of a fake host. */
final class FakeTargets {
    static final Container DB = container("db");

    private FakeTargets() {}

    static Container container(String name) {
        return new Container(Container.Type.CONTAINER, name, name + "-id", "containerd", "", "", "", "", "");
    }

    static ContainerCgroup cgroup(FakeHost host, Container container, IdSpace space, boolean v2, String path) {
        Path mount = host.root().resolve("cgroup/" + (v2 ? "unified" : "blkio"));
        return new ContainerCgroup(container, space, v2, mount, host.directory(mount + path), path);
    }

    /** With one cgroup, which is that of both spaces if it is of v2. */
    static Target target(FakeHost host, Container container, boolean v2, String path) {
        List<ContainerCgroup> cgroups = v2
                ? List.of(
                        cgroup(host, container, IdSpace.TASK, true, path),
                        cgroup(host, container, IdSpace.BLOCK, true, path))
                : List.of(cgroup(host, container, IdSpace.BLOCK, false, path));
        return Target.of(List.of(container), cgroups).getFirst();
    }
}
