package dev.writescope.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real cgroups, made as root in the hierarchies of the running kernel, and removed again. */
class KernelCgroupTest {
    /** A name that nobody else uses, so that tests may run at the same time. */
    private final String top = "/writescope-test-" + ProcessHandle.current().pid();

    private final List<Path> made = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private Path taskMount;

    @SuppressWarnings("NullAway.Init")
    private Path blockMount;

    @SuppressWarnings("NullAway.Init")
    private ContainerDirectory directory;

    @BeforeEach
    void open() {
        CgroupMounts mounts = CgroupMounts.find(new HostPaths(Path.of("/")));
        taskMount = Objects.requireNonNull(mounts.task(), "cgroup v2 is not mounted");
        blockMount = Objects.requireNonNull(mounts.block(), "there is no blkio or io controller");
        directory = ContainerDirectory.open(new HostPaths(Path.of("/")));
    }

    @AfterEach
    void remove() throws Exception {
        directory.close();
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        // A process that was waited for has left its cgroup.
        made.sort(Comparator.<Path>comparingInt(Path::getNameCount).reversed());
        for (Path cgroup : made) {
            Files.deleteIfExists(cgroup);
        }
    }

    private static String id(int number) {
        return "%064x".formatted(0xc0ffee_0000L + number);
    }

    /** Makes a cgroup and those above it in both hierarchies. */
    private void make(String path) throws IOException {
        for (Path mount : Set.of(taskMount, blockMount)) {
            Path cgroup = mount;
            for (String name : path.substring(1).split("/", -1)) {
                cgroup = cgroup.resolve(name);
                if (!Files.isDirectory(cgroup)) {
                    Files.createDirectory(cgroup);
                    made.add(cgroup);
                }
            }
        }
    }

    private void unmake(String path) throws IOException {
        for (Path mount : Set.of(taskMount, blockMount)) {
            Files.delete(mount.resolve(path.substring(1)));
        }
    }

    private long idOf(IdSpace space, String path) throws IOException {
        Path mount = space == IdSpace.TASK ? taskMount : blockMount;
        return (Long) Files.getAttribute(mount.resolve(path.substring(1)), "unix:ino");
    }

    private Process processIn(String path) throws IOException {
        Process process = new ProcessBuilder("sleep", "997").start();
        processes.add(process);
        for (Path mount : Set.of(taskMount, blockMount)) {
            Files.writeString(mount.resolve(path.substring(1)).resolve("cgroup.procs"), process.pid() + "\n");
        }
        return process;
    }

    /** The directory learns in the background; the bound only ends a broken test. */
    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("still waiting").isLessThan(end);
            Thread.sleep(3);
        }
    }

    private Container named(IdSpace space, long id) throws InterruptedException {
        await(() -> directory.resolve(space, id).type() != Container.Type.UNKNOWN);
        return directory.resolve(space, id);
    }

    @Test
    void a_process_of_a_container_is_found_in_both_id_spaces() throws Exception {
        String path = top + "/docker/" + id(3);
        make(path);
        Process sleep = processIn(path);
        long task = idOf(IdSpace.TASK, path);
        long block = idOf(IdSpace.BLOCK, path);

        assertThat(named(IdSpace.TASK, task).id()).isEqualTo(id(3));
        assertThat(named(IdSpace.BLOCK, block)).isEqualTo(named(IdSpace.TASK, task));
        Selection selection = directory.select(List.of(), null, null, null, (int) sleep.pid());
        assertThat(selection.ids(IdSpace.TASK)).containsExactly(task);
        assertThat(selection.ids(IdSpace.BLOCK)).containsExactly(block);
    }

    @Test
    void the_roots_of_the_kernel_have_the_ids_they_are_known_by() throws Exception {
        assertThat(Files.getAttribute(taskMount, "unix:ino")).isEqualTo(1L);
        assertThat(Files.getAttribute(blockMount, "unix:ino")).isEqualTo(1L);
        assertThat(directory.resolve(IdSpace.TASK, 1)).isEqualTo(Container.host(""));
        assertThat(directory.resolve(IdSpace.BLOCK, 1)).isEqualTo(Container.UNATTRIBUTED);
    }

    @Test
    void a_nested_cgroup_is_its_containers_and_a_removed_one_keeps_its_owner() throws Exception {
        String path = top + "/libpod-" + id(7) + ".scope";
        make(path + "/container");
        long outer = idOf(IdSpace.TASK, path);
        long inner = idOf(IdSpace.TASK, path + "/container");
        Container container = named(IdSpace.TASK, inner);
        assertThat(container.runtime()).isEqualTo("podman");
        assertThat(named(IdSpace.TASK, outer)).isEqualTo(container);

        unmake(path + "/container");
        unmake(path);
        await(() -> !directory.containers().contains(container));

        assertThat(directory.resolve(IdSpace.TASK, inner)).isEqualTo(container);
        assertThat(directory.resolve(IdSpace.TASK, outer)).isEqualTo(container);
    }

    @Test
    void a_hundred_containers_that_come_and_go_are_all_told() throws Exception {
        Set<Long> present = ConcurrentHashMap.newKeySet();
        Set<Long> gone = ConcurrentHashMap.newKeySet();
        Selection selection = directory.select(List.of("*"), null, null, Path.of(top), null);
        selection.listen(new Selection.Listener() {
            @Override
            public void appeared(IdSpace space, long cgroupId, Container container) {
                if (space == IdSpace.TASK && container.type() == Container.Type.CONTAINER) {
                    present.add(cgroupId);
                }
            }

            @Override
            public void gone(IdSpace space, long cgroupId, Container container) {
                if (space == IdSpace.TASK && present.remove(cgroupId)) {
                    gone.add(cgroupId);
                }
            }
        });
        Set<Long> ids = new HashSet<>();
        for (int i = 0; i < 101; i++) {
            make(top + "/docker/" + id(i));
            ids.add(idOf(IdSpace.TASK, top + "/docker/" + id(i)));
        }
        await(() -> present.equals(ids));

        for (int i = 0; i < 101; i++) {
            unmake(top + "/docker/" + id(i));
        }
        await(() -> gone.equals(ids));
        assertThat(present).isEmpty();
        assertThat(ids).allSatisfy(id -> {
            assertThat(directory.resolve(IdSpace.TASK, id).type()).isEqualTo(Container.Type.CONTAINER);
            assertThat(selection.picks(IdSpace.TASK, id)).isTrue();
        });
    }

    @Test
    void a_walk_survives_cgroups_that_vanish_under_it() throws Exception {
        make(top + "/docker");
        CompletableFuture<Void> churn = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 997; i++) {
                    make(top + "/docker/" + id(i) + "/child");
                    unmake(top + "/docker/" + id(i) + "/child");
                    unmake(top + "/docker/" + id(i));
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        while (!churn.isDone()) {
            directory.scan();
        }
        churn.join();
        String last = top + "/docker/" + id(1009);
        make(last);

        assertThat(named(IdSpace.TASK, idOf(IdSpace.TASK, last)).id()).isEqualTo(id(1009));
    }

    @Test
    void a_mount_of_a_process_in_a_cgroup_is_found_by_its_kernel_id() throws Exception {
        String path = top + "/docker/" + id(11);
        make(path);
        processIn(path);
        Mount proc = MountInfo.read(Path.of("/proc/self/mountinfo"), true).stream()
                .filter(mount -> mount.point().equals("/proc"))
                .findFirst()
                .orElseThrow();
        long task = idOf(IdSpace.TASK, path);
        named(IdSpace.TASK, task);

        await(() -> directory.mount(IdSpace.TASK, task, proc.id()) != null);
        assertThat(directory.mount(IdSpace.TASK, task, proc.id())).isEqualTo(proc);
    }
}
