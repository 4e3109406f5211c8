package dev.writescope.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CgroupPathTest {
    private static final String A = "a7".repeat(32);
    private static final String B = "b3".repeat(32);

    static Stream<List<String>> knownPaths() throws IOException {
        try (InputStream in = Objects.requireNonNull(CgroupPathTest.class.getResourceAsStream("/cgroup-paths.tsv"))) {
            List<List<String>> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> List.of(line.split("\t", -1)))
                    .toList();
            assertThat(lines).hasSize(21);
            return lines.stream();
        }
    }

    private static CgroupPath parse(String path) {
        return CgroupPath.of(path, (namespace, id) -> namespace.equals("default") && id.equals("noisy"));
    }

    @ParameterizedTest
    @MethodSource("knownPaths")
    void a_path_seen_in_the_field_resolves_as_stated(List<String> line) {
        CgroupPath cgroup = parse(line.get(0));

        assertThat(cgroup.runtime()).isEqualTo(line.get(1).replace("-", "").replace("crio", "cri-o"));
        assertThat(cgroup.id()).startsWith(line.get(2));
        assertThat(cgroup.isContainer()).isEqualTo(!line.get(2).isEmpty());
        assertThat(cgroup.podUid()).isEqualTo(line.get(3));
        assertThat(cgroup.qos()).isEqualTo(line.get(4));
    }

    @ParameterizedTest
    @CsvSource({
        "/, ''",
        "/system.slice, ''",
        "/system.slice/docker.service, docker.service",
        "/user.slice/user-7.slice/user@7.service/app.slice/app-x.scope, app-x.scope",
        "/user.slice/user-7.slice/user@7.service/app.slice, user@7.service",
        "/kubepods.slice/kubepods-pod6a4ce4a0_ba47_11ea_b2a7_0cc47ac5979e.slice, ''",
        "/machine.slice/libpod-conmon-06e53138f3b6a0e0a7f8d9c6a4c1e1b62f0ab7a5d1d6e2b4f1f9c8a7b6c5d4e3.scope, runtime-monitor",
        "/libpod_parent/conmon, runtime-monitor",
        "/lxc.monitor.first, runtime-monitor",
    })
    void outside_containers_the_deepest_systemd_unit_is_the_service(String path, String service) {
        CgroupPath cgroup = parse(path);

        assertThat(cgroup.isContainer()).isFalse();
        assertThat(cgroup.service()).isEqualTo(service);
    }

    @Test
    void of_containers_within_containers_the_innermost_counts() {
        CgroupPath kind = parse("/docker/" + A + "/kubelet/kubepods/burstable/podea19ff5d-943a-4466-a07e-a71e9e50cc62/"
                + B + "/init.scope");

        assertThat(kind.id()).isEqualTo(B);
        assertThat(kind.podUid()).isEqualTo("ea19ff5d-943a-4466-a07e-a71e9e50cc62");
        assertThat(parse("/docker/" + A + "/docker/" + B).id()).isEqualTo(B);
    }

    @Test
    void a_monitor_inside_a_container_is_that_containers_business() {
        CgroupPath nested = parse("/system.slice/docker-" + A + ".scope/machine.slice/libpod-conmon-" + B + ".scope");

        assertThat(nested.runtime()).isEqualTo("docker");
        assertThat(nested.id()).isEqualTo(A);
    }

    @Test
    void a_static_pod_has_a_uid_without_dashes() {
        String uid = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";

        assertThat(parse("/kubepods/besteffort/pod" + uid + "/" + A).podUid()).isEqualTo(uid);
        assertThat(parse("/kubepods.slice/kubepods-pod" + uid + ".slice/crio-" + A + ".scope"))
                .isEqualTo(new CgroupPath("cri-o", A, "", uid, "guaranteed", ""));
    }

    @ParameterizedTest
    @CsvSource({"/default/calm, false", "/default/noisy, true", "/default/noisy/child, true", "/default, false"})
    void a_path_of_ctr_is_a_container_only_if_containerd_has_the_task(String path, boolean container) {
        assertThat(parse(path).isContainer()).isEqualTo(container);
    }
}
