package dev.writescope.container;

import static dev.writescope.container.FakeHost.A;
import static dev.writescope.container.FakeHost.B;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerNamesTest {
    private static final String UID = "ea19ff5d-943a-4466-a07e-a71e9e50cc62";
    private static final String POD_CGROUP = "/kubepods/burstable/pod" + UID + "/" + A;
    private static final String TASKS = "io.containerd.runtime.v2.task/";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temp;

    private FakeHost host() {
        return new FakeHost(temp);
    }

    private Container name(String cgroup) {
        ContainerNames names = new ContainerNames(host().paths());
        return names.name(names.parse(cgroup));
    }

    private static String annotations(String... keysAndValues) {
        StringBuilder json = new StringBuilder("{\"ociVersion\":\"1.0.2\",\"process\":{\"args\":[\"a\",\"b\"],"
                + "\"capabilities\":{\"bounding\":[\"CAP_X\"]}},\"annotations\":{\"x\":\"y\"");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            json.append(",\"%s\":\"%s\"".formatted(keysAndValues[i], keysAndValues[i + 1]));
        }
        return json + "},\"hostname\":\"last\"}";
    }

    private static Container container(
            String name, String id, String runtime, String namespace, String pod, String uid, String image) {
        return new Container(Container.Type.CONTAINER, name, id, runtime, namespace, pod, uid, image, "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run/containerd/",
                "run/k3s/containerd/",
                "run/k0s/containerd/",
                "var/snap/microk8s/common/run/containerd/"
            })
    void a_pods_container_is_named_by_the_annotations_of_its_containerd_bundle(String state) {
        host().file(
                        state + TASKS + "k8s.io/" + A + "/config.json",
                        annotations(
                                "io.kubernetes.cri.container-type",
                                "container",
                                "io.kubernetes.cri.container-name",
                                "db",
                                "io.kubernetes.cri.sandbox-name",
                                "db-0",
                                "io.kubernetes.cri.sandbox-namespace",
                                "shop",
                                "io.kubernetes.cri.image-name",
                                "postgres:15"));

        Container db = name(POD_CGROUP);

        assertThat(db).isEqualTo(container("db", A, "containerd", "shop", "db-0", UID, "postgres:15"));
        assertThat(db.displayName()).isEqualTo("shop/db-0/db");
    }

    @Test
    void the_container_that_holds_a_pods_namespaces_is_called_POD() {
        host().file(
                        "run/containerd/" + TASKS + "k8s.io/" + A + "/config.json",
                        annotations(
                                "io.kubernetes.cri.container-type",
                                "sandbox",
                                "io.kubernetes.cri.sandbox-name",
                                "db-0",
                                "io.kubernetes.cri.sandbox-namespace",
                                "shop"));

        assertThat(name(POD_CGROUP)).isEqualTo(container("POD", A, "containerd", "shop", "db-0", UID, ""));
    }

    @Test
    void a_task_of_ctr_is_named_by_its_id() {
        host().file("run/containerd/" + TASKS + "default/noisy/config.json", annotations());

        assertThat(name("/default/noisy/child")).isEqualTo(container("noisy", "noisy", "ctr", "", "", "", ""));
        assertThat(name("/default/calm")).isEqualTo(Container.host(""));
    }

    @Test
    void containerd_may_have_been_told_another_state_directory() throws IOException {
        host().file("srv/state/" + TASKS + "default/noisy/config.json", annotations());
        host().file("proc/4013/comm", "containerd-shim\n");
        Files.createSymbolicLink(temp.resolve("proc/4013/cwd"), Path.of("/srv/state/" + TASKS + "default/other"));

        assertThat(name("/default/noisy").runtime()).isEqualTo("ctr");
        assertThat(name("/default/calm")).isEqualTo(Container.host(""));
    }

    @Test
    void docker_may_have_been_told_another_data_root() {
        host().file("etc/docker/daemon.json", "{\"data-root\":\"/srv/docker\"}");
        host().file("srv/docker/containers/" + A + "/config.v2.json", "{\"Name\":\"/web\"}");

        assertThat(name("/docker/" + A).name()).isEqualTo("web");
    }

    @Test
    void a_container_of_nerdctl_has_a_name_of_its_own() {
        host().file("run/containerd/" + TASKS + "default/" + A + "/config.json", annotations("nerdctl/name", "web"));

        assertThat(name("/default/" + A)).isEqualTo(container("web", A, "containerd", "", "", "", ""));
        assertThat(name("/system.slice/nerdctl-" + A + ".scope").name()).isEqualTo("web");
    }

    @Test
    void cri_o_is_named_by_its_bundle_in_the_run_directory() {
        host().file(
                        "run/containers/storage/overlay-containers/" + A + "/userdata/config.json",
                        annotations(
                                "io.container.manager",
                                "cri-o",
                                "io.kubernetes.container.name",
                                "db",
                                "io.kubernetes.pod.name",
                                "db-0",
                                "io.kubernetes.pod.namespace",
                                "shop",
                                "io.kubernetes.pod.uid",
                                UID,
                                "io.kubernetes.cri-o.ImageName",
                                "quay.io/db:7"));

        Container db = container("db", A, "cri-o", "shop", "db-0", UID, "quay.io/db:7");
        assertThat(name("/kubepods/podX/crio-" + A)).isEqualTo(db);
        assertThat(name(POD_CGROUP)).isEqualTo(db);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "var/lib/containers/storage",
                "run/containers/storage",
                "run/user/1009/containers",
                "home/ada/.local/share/containers/storage"
            })
    void podman_is_named_by_the_index_of_its_storage(String storage) {
        host().file(
                        storage + "/overlay-containers/containers.json",
                        "[{\"id\":\"%s\",\"names\":[\"other\"]},{\"id\":\"%s\",\"names\":[\"web\",\"w\"],\"metadata\":\"{\\\"image-name\\\":\\\"i:7\\\"}\"}]"
                                .formatted(B, A));

        assertThat(name("/machine.slice/libpod-" + A + ".scope/container"))
                .isEqualTo(container("web", A, "podman", "", "", "", "i:7"));
    }

    @Test
    void a_changed_index_of_podman_is_read_again() {
        String index = "var/lib/containers/storage/overlay-containers/containers.json";
        host().file(index, "[{\"id\":\"" + B + "\",\"names\":[\"old\"]}]");
        ContainerNames names = new ContainerNames(host().paths());
        CgroupPath web = names.parse("/libpod_parent/libpod-" + A);
        assertThat(ContainerNames.isUnnamed(names.name(web))).isTrue();

        host().file(index, "[{\"id\":\"" + A + "\",\"names\":[\"new-name\"]}]");

        names.forgetUnnamed();
        assertThat(names.name(web).name()).isEqualTo("new-name");
    }

    @Test
    void docker_is_named_without_its_slash() {
        host().file(
                        "var/lib/docker/containers/" + A + "/config.v2.json",
                        "{\"State\":{\"Pid\":7},\"ID\":\"%s\",\"Config\":{\"Image\":\"redis:7\",\"Labels\":{}},\"Name\":\"/cache\"}"
                                .formatted(A));

        Container cache = container("cache", A, "docker", "", "", "", "redis:7");
        assertThat(name("/system.slice/docker-" + A + ".scope")).isEqualTo(cache);
        assertThat(name("/docker/" + A + "/init")).isEqualTo(cache);
    }

    @Test
    void docker_below_kubernetes_is_named_by_its_labels() {
        host().file(
                        "var/lib/docker/containers/" + A + "/config.v2.json",
                        "{\"Name\":\"/k8s_db_db-0_shop_x_0\",\"Config\":{\"Image\":\"sha256:7\",\"Labels\":{"
                                + "\"io.kubernetes.container.name\":\"db\",\"io.kubernetes.pod.name\":\"db-0\","
                                + "\"io.kubernetes.pod.namespace\":\"shop\",\"io.kubernetes.pod.uid\":\"" + UID
                                + "\"}}}");

        assertThat(name(POD_CGROUP)).isEqualTo(container("db", A, "docker", "shop", "db-0", UID, "sha256:7"));
    }

    @Test
    void compose_names_a_container_that_lost_its_own_name() {
        host().file(
                        "var/lib/docker/containers/" + A + "/config.v2.json",
                        "{\"Config\":{\"Labels\":{\"com.docker.compose.project\":\"shop\","
                                + "\"com.docker.compose.service\":\"db\"}}}");

        assertThat(name("/docker/" + A).name()).isEqualTo("shop-db");
    }

    @Test
    void the_kubelets_log_links_name_a_container_without_any_bundle() {
        host().file("var/log/containers/db-0_shop_db-" + A + ".log", "");

        assertThat(name(POD_CGROUP)).isEqualTo(container("db", A, "unknown", "shop", "db-0", UID, ""));
    }

    @Test
    void the_kubelets_log_directories_name_at_least_the_pod() {
        host().directory("var/log/pods/shop_db-0_" + UID + "/db");

        assertThat(name(POD_CGROUP)).isEqualTo(container("a7a7a7a7a7a7", A, "unknown", "shop", "db-0", UID, ""));
    }

    @Test
    void lxc_is_named_by_its_path() {
        assertThat(name("/lxc.payload.first/system.slice/cron.service"))
                .isEqualTo(container("first", "first", "lxc", "", "", "", ""));
        assertThat(name("/lxc.monitor.first")).isEqualTo(Container.host("runtime-monitor"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{\"annotations\":[7]}", "{\"annotations\":{\"io.kubernetes", "\0"})
    void a_malformed_bundle_leaves_the_short_id(String content) {
        host().file("run/containerd/" + TASKS + "k8s.io/" + A + "/config.json", content);

        Container container = name(POD_CGROUP);

        assertThat(container.name()).isEqualTo("a7a7a7a7a7a7");
        assertThat(ContainerNames.isUnnamed(container)).isTrue();
    }

    @Test
    void a_bundle_that_is_too_deep_or_too_long_leaves_the_short_id() {
        String bundle = "run/containerd/" + TASKS + "k8s.io/" + A + "/config.json";
        host().file(bundle, "[".repeat(100_003));
        assertThat(name(POD_CGROUP).name()).isEqualTo("a7a7a7a7a7a7");

        host().file(bundle, " ".repeat(8 << 20) + annotations("nerdctl/name", "web"));
        assertThat(name(POD_CGROUP).name()).isEqualTo("a7a7a7a7a7a7");
    }

    @Test
    void control_characters_in_a_name_are_kept_and_its_length_is_bounded() {
        host().file(
                        "run/containerd/" + TASKS + "default/" + A + "/config.json",
                        annotations("nerdctl/name", "\\u001b[31m" + "x".repeat(1009)));

        assertThat(name("/default/" + A).name()).hasSize(256).startsWith("\u001b[31mxxx");
    }
}
