package dev.writescope.container;

import static dev.writescope.container.FakeHost.A;
import static dev.writescope.container.FakeHost.B;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerDirectoryTest {
    private static final String WEB = "/docker/" + A;
    private static final String DB = "/docker/" + B;

    private final AtomicLong clock = new AtomicLong();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    @SuppressWarnings("NullAway.Init")
    private FakeHost host;

    @BeforeEach
    void two_containers_of_docker() {
        host = new FakeHost(temp)
                .file("var/lib/docker/containers/" + A + "/config.v2.json", "{\"Name\":\"/web\"}")
                .file("var/lib/docker/containers/" + B + "/config.v2.json", "{\"Name\":\"/db\"}");
    }

    private ContainerDirectory directory() {
        ContainerDirectory directory = new ContainerDirectory(host.paths(), clock::get);
        directory.scan();
        return directory;
    }

    private static List<String> names(List<Container> containers) {
        return containers.stream().map(Container::displayName).toList();
    }

    @Test
    void on_a_hybrid_host_each_id_space_has_its_own_hierarchy() {
        host.mounted("memory", "blkio", "unified");
        long task = host.cgroup("unified", WEB);
        long block = host.cgroup("blkio", WEB);
        ContainerDirectory directory = directory();

        assertThat(directory.cgroupMode()).isEqualTo("hybrid");
        assertThat(directory.resolve(IdSpace.TASK, task).name()).isEqualTo("web");
        assertThat(directory.resolve(IdSpace.BLOCK, block)).isEqualTo(directory.resolve(IdSpace.TASK, task));
        assertThat(directory.resolve(IdSpace.BLOCK, task).type()).isEqualTo(Container.Type.UNKNOWN);
        assertThat(directory.limits()).singleElement().asString().contains("writeback");
    }

    @Test
    void on_a_v2_host_both_id_spaces_are_the_same_but_for_the_root() {
        host.mounted("unified");
        long web = host.cgroup("unified", WEB);
        long root = host.id("unified", "");
        ContainerDirectory directory = directory();

        assertThat(directory.cgroupMode()).isEqualTo("v2");
        assertThat(directory.limits()).isEmpty();
        assertThat(directory.resolve(IdSpace.BLOCK, web)).isEqualTo(directory.resolve(IdSpace.TASK, web));
        assertThat(directory.resolve(IdSpace.TASK, root)).isEqualTo(Container.host(""));
        assertThat(directory.resolve(IdSpace.BLOCK, root)).isEqualTo(Container.UNATTRIBUTED);
        assertThat(directory.resolve(IdSpace.BLOCK, 0)).isEqualTo(Container.UNATTRIBUTED);
        assertThat(directory.resolve(IdSpace.BLOCK, 1)).isEqualTo(Container.UNATTRIBUTED);
    }

    @Test
    void on_a_pure_v1_host_only_block_requests_have_owners_and_that_is_said() {
        host.mounted("memory", "cpu,blkio");
        long web = host.cgroup("cpu,blkio", WEB);
        ContainerDirectory directory = directory();

        assertThat(directory.cgroupMode()).isEqualTo("v1");
        assertThat(directory.resolve(IdSpace.BLOCK, web).name()).isEqualTo("web");
        assertThat(directory.resolve(IdSpace.TASK, 1)).isEqualTo(Container.host(""));
        assertThat(directory.limits()).first().asString().contains("mount -t cgroup2");
    }

    @Test
    void a_host_without_cgroups_or_without_proc_says_so() {
        assertThat(directory().limits()).singleElement().asString().contains("mount /proc");
        host.mounted();
        assertThat(directory().cgroupMode()).isEqualTo("none");
        assertThat(directory().resolve(IdSpace.TASK, 9973).name()).isEqualTo("cgroup-9973");
    }

    @Test
    void a_part_of_the_hierarchy_is_said_to_be_one() {
        host.mounted("unified").file("cgroup/unified/cgroup.events", "populated 1\n");

        assertThat(directory().limits()).singleElement().asString().contains("host's cgroup namespace");
    }

    @Test
    void children_of_a_containers_cgroup_are_the_containers() {
        host.mounted("unified");
        long child = host.cgroup("unified", WEB + "/init.scope/deeper");
        long unit = host.cgroup("unified", "/system.slice/cron.service/sub");
        ContainerDirectory directory = directory();

        assertThat(directory.resolve(IdSpace.TASK, child).name()).isEqualTo("web");
        assertThat(directory.resolve(IdSpace.TASK, unit)).isEqualTo(Container.host("cron.service"));
    }

    @Test
    void a_container_that_starts_is_unknown_until_the_next_scan() {
        host.mounted("unified");
        ContainerDirectory directory = directory();
        long web = host.cgroup("unified", WEB);

        assertThat(directory.resolve(IdSpace.TASK, web).name()).isEqualTo("cgroup-" + web);
        directory.scan();
        assertThat(directory.resolve(IdSpace.TASK, web).name()).isEqualTo("web");
    }

    @Test
    void a_cgroup_is_remembered_for_ten_minutes_after_it_is_gone() {
        host.mounted("unified");
        long web = host.cgroup("unified", WEB);
        ContainerDirectory directory = directory();
        host.delete("cgroup/unified" + WEB);
        directory.scan();
        assertThat(directory.containers()).isEmpty();

        clock.addAndGet(Duration.ofMinutes(10).toNanos() - 1);
        directory.scan();
        assertThat(directory.resolve(IdSpace.TASK, web).name()).isEqualTo("web");

        clock.incrementAndGet();
        directory.scan();
        assertThat(directory.resolve(IdSpace.TASK, web).type()).isEqualTo(Container.Type.UNKNOWN);
    }

    @Test
    void an_id_given_out_again_is_not_taken_for_the_container_that_had_it() throws IOException {
        host.mounted("unified");
        long id = host.cgroup("unified", WEB);
        ContainerDirectory directory = directory();
        assertThat(directory.resolve(IdSpace.TASK, id).name()).isEqualTo("web");
        Path aside = temp.resolve("aside");
        Files.move(temp.resolve("cgroup/unified" + WEB), aside);
        directory.scan();
        assertThat(directory.resolve(IdSpace.TASK, id).name()).isEqualTo("web");

        Files.move(aside, temp.resolve("cgroup/unified" + DB));
        directory.scan();
        assertThat(host.id("unified", DB)).isEqualTo(id);
        assertThat(directory.resolve(IdSpace.TASK, id).name()).isEqualTo("db");
    }

    @Test
    void an_id_that_is_nowhere_stays_unknown_and_memory_stays_bounded() {
        host.mounted("unified");
        ContainerDirectory directory = directory();
        for (long id = 1_000_003; id < 1_000_003 + 3L * Hierarchy.MAX_GONE; id++) {
            assertThat(directory.resolve(IdSpace.TASK, id).type()).isEqualTo(Container.Type.UNKNOWN);
            if (id % 997 == 0) {
                directory.scan();
            }
        }
        Hierarchy hierarchy =
                new Hierarchy(temp.resolve("cgroup/unified"), new ContainerNames(host.paths()), host.paths());
        for (long id = 1_000_003; id < 1_000_003 + 2L * Hierarchy.MAX_GONE; id++) {
            hierarchy.missed(id);
            if (id % 997 == 0) {
                hierarchy.scan(0);
            }
        }
        assertThat(hierarchy.gone()).hasSize(Hierarchy.MAX_GONE);
    }

    @Test
    void a_name_that_comes_late_is_taken() {
        host.mounted("unified");
        host.delete("var/lib/docker/containers/" + A);
        long web = host.cgroup("unified", WEB);
        ContainerDirectory directory = directory();
        assertThat(directory.resolve(IdSpace.TASK, web).name()).isEqualTo("a7a7a7a7a7a7");

        host.file("var/lib/docker/containers/" + A + "/config.v2.json", "{\"Name\":\"/web\"}");
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        directory.scan();

        assertThat(directory.resolve(IdSpace.TASK, web).name()).isEqualTo("web");
    }

    @Test
    void one_child_that_replaces_another_is_noticed_though_their_number_is_the_same() {
        host.mounted("unified");
        host.cgroup("unified", WEB);
        ContainerDirectory directory = directory();
        host.delete("cgroup/unified" + WEB);
        long db = host.cgroup("unified", DB);
        directory.scan();

        assertThat(directory.resolve(IdSpace.TASK, db).name()).isEqualTo("db");
        assertThat(names(directory.containers())).containsExactly("db");
    }

    @Test
    void while_the_kernel_counts_the_same_cgroups_only_a_miss_or_ten_seconds_cause_a_walk() {
        host.mounted("unified").file("cgroup/unified/cgroup.stat", "nr_descendants 3\n");
        host.cgroup("unified", WEB);
        ContainerDirectory directory = directory();
        long db = host.cgroup("unified", DB); // before: a plain file system would give it the same id
        host.delete("cgroup/unified" + WEB);
        directory.scan();
        assertThat(names(directory.containers())).containsExactly("web");

        assertThat(directory.resolve(IdSpace.TASK, db).type()).isEqualTo(Container.Type.UNKNOWN);
        directory.scan();
        assertThat(names(directory.containers())).containsExactly("db");

        host.delete("cgroup/unified" + DB);
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        directory.scan();
        assertThat(directory.containers()).isEmpty();

        host.cgroup("unified", WEB);
        host.file("cgroup/unified/cgroup.stat", "nr_descendants 5\n");
        directory.scan();
        assertThat(names(directory.containers())).containsExactly("web");
    }

    @Test
    void a_hierarchy_that_vanishes_and_returns_does_no_harm() {
        host.mounted("unified");
        host.cgroup("unified", WEB);
        ContainerDirectory directory = directory();
        host.delete("cgroup/unified");
        directory.scan();
        assertThat(directory.containers()).isEmpty();

        host.cgroup("unified", DB);
        directory.scan();
        assertThat(names(directory.containers())).containsExactly("db");
    }

    @Test
    void a_mount_is_found_in_the_process_that_sees_it() {
        host.mounted("unified");
        long web = host.cgroup("unified", WEB, 0, 11, 13, 17);
        String overlay = "617 601 0:53 / / rw - overlay overlay rw,upperdir=/up\n";
        host.process(13, 4027, overlay).process(17, 4029, "619 601 7:0 / /data rw - ext4 /dev/loop0 rw\n");
        ContainerDirectory directory = directory();

        assertThat(directory.mount(IdSpace.TASK, web, 619)).isNull();
        assertThat(directory.mount(IdSpace.TASK, web, 617)).isNull();
        assertThat(directory.mount(IdSpace.TASK, web, 631)).isNull();
        directory.scan();

        assertThat(directory.mount(IdSpace.TASK, web, 619))
                .isNotNull()
                .extracting(Mount::point, Mount::mountClass)
                .containsExactly("/data", MountClass.VOLUME);
        assertThat(directory.mount(IdSpace.TASK, web, 617))
                .isNotNull()
                .extracting(Mount::upperdir, Mount::mountClass)
                .containsExactly("/up", MountClass.UPPERDIR);
        assertThat(directory.mount(IdSpace.TASK, web, 631)).isNull();
    }

    @Test
    void a_mount_looked_for_in_vain_is_looked_for_again_after_a_while() {
        host.mounted("unified");
        long cron = host.cgroup("unified", "/system.slice/cron.service", 13);
        ContainerDirectory directory = directory();
        assertThat(directory.mount(IdSpace.TASK, cron, 619)).isNull();
        directory.scan();
        host.process(13, 4027, "619 601 7:0 / /data rw - ext4 /dev/loop0 rw\n");
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        directory.scan();
        assertThat(directory.mount(IdSpace.TASK, cron, 619)).isNull();
        directory.scan();

        assertThat(directory.mount(IdSpace.TASK, cron, 619))
                .isNotNull()
                .extracting(Mount::mountClass)
                .isEqualTo(MountClass.HOST);
    }

    @Test
    void a_mount_id_given_out_again_is_noticed_within_a_minute_or_so() {
        host.mounted("unified");
        long web = host.cgroup("unified", WEB, 13);
        host.process(13, 4027, "619 601 7:0 / /old rw - ext4 /dev/loop0 rw\n");
        ContainerDirectory directory = directory();
        assertThat(directory.mount(IdSpace.TASK, web, 619)).isNull();
        directory.scan();
        host.file("proc/13/mountinfo", "619 601 7:0 / /new rw - ext4 /dev/loop0 rw\n");
        clock.addAndGet(Duration.ofMinutes(1).toNanos());
        directory.scan();

        assertThat(directory.mount(IdSpace.TASK, web, 619))
                .isNotNull()
                .extracting(Mount::point)
                .isEqualTo("/new");
    }

    @Test
    void a_selection_is_told_what_comes_and_goes() {
        host.mounted("unified");
        long web = host.cgroup("unified", WEB);
        ContainerDirectory directory = directory();
        List<String> told = new ArrayList<>();
        Selection selection = directory.select(List.of("db", "w?b"), null, null, null, null);
        selection.listen(new Selection.Listener() {
            @Override
            public void appeared(IdSpace space, long cgroupId, Container container) {
                told.add(space + "+" + container.name());
            }

            @Override
            public void gone(IdSpace space, long cgroupId, Container container) {
                told.add(space + "-" + container.name());
            }
        });
        assertThat(told).containsExactlyInAnyOrder("TASK+web", "BLOCK+web");
        told.clear();

        long db = host.cgroup("unified", DB + "/child");
        host.cgroup("unified", "/docker/" + "c5".repeat(32));
        directory.scan();
        assertThat(told).containsOnly("TASK+db", "BLOCK+db").hasSize(4);
        assertThat(selection.ids(IdSpace.TASK)).contains(web, db).hasSize(3);

        told.clear();
        host.delete("cgroup/unified" + WEB);
        directory.scan();
        assertThat(told).containsExactlyInAnyOrder("TASK-web", "BLOCK-web");
        assertThat(selection.ids(IdSpace.TASK)).doesNotContain(web);
        assertThat(selection.picks(IdSpace.TASK, web)).isTrue();

        told.clear();
        selection.close();
        host.delete("cgroup/unified" + DB);
        directory.scan();
        assertThat(told).isEmpty();
    }
}
