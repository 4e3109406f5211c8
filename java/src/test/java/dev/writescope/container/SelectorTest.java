package dev.writescope.container;

import static dev.writescope.container.FakeHost.A;
import static dev.writescope.container.FakeHost.B;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectorTest {
    private static final String DB = "/kubepods/pod6a4ce4a0-ba47-11ea-b2a7-0cc47ac5979e/" + A;
    private static final String ETL = "/kubepods/burstable/podea19ff5d-943a-4466-a07e-a71e9e50cc62/" + B;
    private static final String CRON = "/system.slice/cron.service";

    private final Map<Long, String> paths = new TreeMap<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    @SuppressWarnings("NullAway.Init")
    private FakeHost host;

    @SuppressWarnings("NullAway.Init")
    private ContainerDirectory directory;

    @BeforeEach
    void two_pods_and_a_service() {
        host = new FakeHost(temp)
                .mounted("unified", "blkio")
                .file("var/log/containers/db-0_shop_db-" + A + ".log", "")
                .file("var/log/containers/etl-7_batch_etl-" + B + ".log", "")
                .file("proc/13/cgroup", "7:blkio:" + DB + "/child\n0::" + DB + "/child\n")
                .file("proc/17/cgroup", "7:blkio:/elsewhere\n0::" + CRON + "\n");
        for (String path : List.of(DB, DB + "/child", ETL, CRON, CRON + "/sub", "/elsewhere")) {
            host.cgroup("unified", path);
            host.cgroup("blkio", path);
        }
        directory = new ContainerDirectory(host.paths(), () -> 0);
        directory.scan();
        for (String path : List.of("", DB, DB + "/child", ETL, CRON, CRON + "/sub", "/elsewhere", "/system.slice")) {
            for (String hierarchy : List.of("unified", "blkio")) {
                if (!path.equals("/system.slice")) {
                    paths.put(host.id(hierarchy, path), path);
                }
            }
        }
        paths.put(0L, "none");
    }

    private List<String> picked(IdSpace space, Selection selection) {
        return selection.ids(space).stream()
                .filter(paths::containsKey)
                .map(id -> String.valueOf(paths.get(id)))
                .sorted()
                .toList();
    }

    private Selection byPattern(String... patterns) {
        return directory.select(Arrays.asList(patterns), null, null, null, null);
    }

    private Selection by(
            @Nullable String pod, @Nullable String namespace, @Nullable Path cgroup, @Nullable Integer pid) {
        return directory.select(List.of(), pod, namespace, cgroup, pid);
    }

    @Test
    void a_name_a_full_name_an_id_prefix_and_globs_pick_a_container_with_its_children() {
        for (String pattern : List.of("db", "shop/db-0/db", "a7a7", A, "d?", "shop/*", "*/db-0/*")) {
            Selection selection = byPattern(pattern);

            assertThat(selection.unmatched()).isEmpty();
            assertThat(picked(IdSpace.TASK, selection)).as(pattern).containsExactly(DB, DB + "/child");
            assertThat(picked(IdSpace.BLOCK, selection)).as(pattern).containsExactly(DB, DB + "/child");
        }
    }

    @Test
    void any_of_several_patterns_will_do() {
        assertThat(picked(IdSpace.TASK, byPattern("db", "etl"))).containsExactly(ETL, DB, DB + "/child");
    }

    @Test
    void host_and_unattributed_are_names_too() {
        assertThat(picked(IdSpace.TASK, byPattern("host"))).containsExactly("", "/elsewhere", CRON, CRON + "/sub");
        assertThat(picked(IdSpace.BLOCK, byPattern("host"))).containsExactly("/elsewhere", CRON, CRON + "/sub");
        assertThat(picked(IdSpace.BLOCK, byPattern("unattributed"))).containsExactly("", "none");
        assertThat(picked(IdSpace.TASK, byPattern("unattributed"))).containsExactly("none");
    }

    @Test
    void pod_and_namespace_narrow_a_choice() {
        assertThat(picked(IdSpace.TASK, by("db-0", null, null, null))).containsExactly(DB, DB + "/child");
        assertThat(picked(IdSpace.TASK, by("ea19ff5d-943a-4466-a07e-a71e9e50cc62", null, null, null)))
                .containsExactly(ETL);
        assertThat(picked(IdSpace.TASK, by(null, "batch", null, null))).containsExactly(ETL);
        assertThat(picked(IdSpace.TASK, by("db-0", "batch", null, null))).isEmpty();
        assertThat(picked(IdSpace.TASK, directory.select(List.of("*"), null, "shop", null, null)))
                .containsExactly(DB, DB + "/child");
    }

    @Test
    void a_cgroup_is_given_by_its_directory_or_by_its_path() {
        Path directory = temp.resolve("cgroup/blkio" + CRON);

        assertThat(picked(IdSpace.TASK, by(null, null, directory, null))).containsExactly(CRON, CRON + "/sub");
        assertThat(picked(IdSpace.BLOCK, by(null, null, Path.of(CRON), null))).containsExactly(CRON, CRON + "/sub");
    }

    @Test
    void a_process_picks_its_container_or_else_its_own_cgroups() {
        assertThat(picked(IdSpace.BLOCK, by(null, null, null, 13))).containsExactly(DB, DB + "/child");
        assertThat(picked(IdSpace.TASK, by(null, null, null, 17))).containsExactly(CRON);
        assertThat(picked(IdSpace.BLOCK, by(null, null, null, 17))).containsExactly("/elsewhere");
    }

    @Test
    void without_a_choice_everything_is_selected() {
        assertThat(picked(IdSpace.TASK, by(null, null, null, null))).hasSize(8);
    }

    @Test
    void what_picks_nothing_is_told_with_the_names_that_are_near() {
        assertThat(byPattern("dv", "etl", "hots").unmatched())
                .containsExactly(
                        new Selection.Unmatched("dv", List.of("db")), new Selection.Unmatched("hots", List.of("host")));
        assertThat(by("db-1", "shoop", Path.of("/nowhere"), 19).unmatched())
                .containsExactly(
                        new Selection.Unmatched("pod db-1", List.of("db-0")),
                        new Selection.Unmatched("namespace shoop", List.of("shop")),
                        new Selection.Unmatched("cgroup /nowhere", List.of()),
                        new Selection.Unmatched("process 19", List.of()));
    }

    @Test
    void three_digits_of_an_id_are_too_few() {
        assertThat(byPattern("a7a").ids(IdSpace.TASK)).isEmpty();
    }
}
