package dev.writescope.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.probe.HostException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandCgroupTest {
    private static final long PID = 7919;

    @TempDir
    Path root;

    private CommandCgroup create(String command) throws HostException {
        return CommandCgroup.create(new HostPaths(root), command, PID);
    }

    private Path cgroup(String path) {
        return root.resolve("cgroup").resolve(path);
    }

    @Test
    void on_a_hybrid_host_it_is_below_the_current_cgroup_of_both_hierarchies_and_goes_with_close() throws IOException {
        new FakeHost(root).mounted("unified", "blkio").file("proc/self/cgroup", "7:blkio:/b\n0::/a\n");
        Files.createDirectories(cgroup("unified/a"));
        Files.createDirectories(cgroup("blkio/b"));
        List<Path> directories;
        try (CommandCgroup made = create("fio")) {
            directories = made.directories();
            assertThat(directories)
                    .containsExactly(cgroup("unified/a/writescope-7919-fio"), cgroup("blkio/b/writescope-7919-fio"));
            assertThat(directories).allMatch(Files::isDirectory);
        }
        assertThat(directories).noneMatch(Files::exists);
    }

    @Test
    void on_cgroup_v2_it_is_where_block_requests_are_told_apart() throws IOException {
        new FakeHost(root).mounted("unified").file("proc/self/cgroup", "0::/slice/scope\n");
        Files.createDirectories(cgroup("unified/slice/scope"));
        Files.writeString(cgroup("unified/slice/scope/cgroup.subtree_control"), "\n");
        Files.writeString(cgroup("unified/slice/cgroup.subtree_control"), "cpu io memory\n");
        try (CommandCgroup made = create("fio")) {
            assertThat(made.directories()).containsExactly(cgroup("unified/slice/writescope-7919-fio"));
            assertThat(made.limits()).isEmpty();
        }
    }

    @Test
    void without_the_io_controller_it_says_that_block_requests_are_missing() throws IOException {
        new FakeHost(root).mounted("unified").file("proc/self/cgroup", "0::/\n");
        try (CommandCgroup made = create("fio")) {
            assertThat(made.limits()).singleElement().asString().contains("cgroup.subtree_control");
        }
    }

    @Test
    void what_a_killed_run_left_is_removed_and_what_belongs_to_a_living_one_stays() throws IOException {
        new FakeHost(root).mounted("unified").file("proc/self/cgroup", "0::/\n").file("proc/31/comm", "java\n");
        Files.createDirectories(cgroup("unified/writescope-37-dd/nested"));
        Files.createDirectories(cgroup("unified/writescope-31-dd"));
        Files.createDirectories(cgroup("unified/writescope-stage"));
        create("fio").close();
        assertThat(cgroup("unified")).isDirectoryNotContaining("glob:**writescope-37-dd");
        assertThat(cgroup("unified/writescope-31-dd")).isDirectory();
        assertThat(cgroup("unified/writescope-stage")).isDirectory();
    }

    @Test
    void any_name_becomes_one_part_of_a_path() throws IOException {
        new FakeHost(root).mounted("unified").file("proc/self/cgroup", "0::/\n");
        try (CommandCgroup made = create("../ä b" + "x".repeat(100))) {
            Path directory = made.directories().getFirst();
            assertThat(directory.getParent()).isEqualTo(cgroup("unified"));
            assertThat(Directories.name(directory))
                    .startsWith("writescope-7919-..___b")
                    .matches(CommandCgroup.NAME);
        }
    }

    @Test
    void a_path_of_another_namespace_does_not_lead_out_of_the_mount() throws IOException {
        new FakeHost(root).mounted("unified").file("proc/self/cgroup", "0::/../../etc\n");
        try (CommandCgroup made = create("fio")) {
            assertThat(made.directories()).containsExactly(cgroup("unified/writescope-7919-fio"));
        }
    }

    @Test
    void a_host_without_cgroups_says_what_to_mount() {
        new FakeHost(root).mounted();
        assertThatThrownBy(() -> create("fio"))
                .isInstanceOf(HostException.class)
                .hasMessageContaining("mount -t");
    }

    @Test
    void the_command_is_the_service_without_the_number_of_the_run() {
        CgroupPath path = CgroupPath.of("/user.slice/a.scope/writescope-7919-fio/below", (_, _) -> false);
        assertThat(path.service()).isEqualTo("fio");
    }

    @Test
    void a_command_runs_in_the_cgroups_of_the_real_kernel_and_its_exit_code_comes_back() throws Exception {
        Path seen = root.resolve("seen");
        List<Path> directories;
        CountDownLatch ended = new CountDownLatch(1);
        try (CommandCgroup made = CommandCgroup.create(new HostPaths(Path.of("/")), "sh");
                ContainedCommand command = new ContainedCommand(
                        List.of("sh", "-c", "cat /proc/self/cgroup > \"$1\"; exit 7", "sh", seen.toString()), made)) {
            directories = made.directories();
            command.start(ended::countDown);
            assertThat(command.await()).isEqualTo(7);
            ended.await();
        }
        ProcessCgroup cgroup = ProcessCgroup.read(seen);
        assertThat(cgroup.task()).endsWith("-sh").contains("writescope-");
        assertThat(cgroup.block()).endsWith("-sh").contains("writescope-");
        assertThat(directories).isNotEmpty().noneMatch(Files::exists);
    }

    @Test
    void a_signal_reaches_the_command() throws Exception {
        try (CommandCgroup made = CommandCgroup.create(new HostPaths(Path.of("/")), "sleep");
                ContainedCommand command = new ContainedCommand(List.of("sleep", "97"), made)) {
            command.start(() -> {});
            command.signal("TERM");
            assertThat(command.await()).isEqualTo(128 + 15);
        }
    }

    @Test
    void a_command_that_was_signalled_before_its_start_never_runs() throws Exception {
        new FakeHost(root).mounted("unified").file("proc/self/cgroup", "0::/\n");
        CountDownLatch ended = new CountDownLatch(1);
        try (CommandCgroup made = create("sh");
                ContainedCommand command = new ContainedCommand(List.of("sh", "-c", "exit 7"), made)) {
            command.signal("TERM");
            command.start(ended::countDown);
            assertThat(command.await()).isZero();
            assertThat(ended.getCount()).isZero();
        }
    }

    @Test
    void a_command_that_is_not_there_is_refused_before_anything_runs() throws IOException {
        new FakeHost(root).mounted("unified").file("proc/self/cgroup", "0::/\n");
        try (CommandCgroup made = create("nosuch")) {
            assertThatThrownBy(() -> new ContainedCommand(List.of("no-such-command"), made))
                    .hasMessageContaining("no-such-command");
        }
    }
}
