package dev.writescope.container;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Every form of path that a runtime makes, with any ids and any children. */
class CgroupPathPropertyTest {
    /** A form, with ID, POD (uid with dashes), POD_ (with underscores) and QOS to be filled in. */
    record Form(String runtime, String path) {}

    @Provide
    Arbitrary<String> ids() {
        return Arbitraries.strings().withChars("0123456789abcdef").ofLength(64);
    }

    @Provide
    Arbitrary<String> uids() {
        Arbitrary<String> hex =
                Arbitraries.strings().withChars("0123456789abcdef").ofLength(32);
        return hex.flatMap(digits ->
                Arbitraries.of(digits, digits.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5")));
    }

    @Provide
    Arbitrary<String> children() {
        return Arbitraries.of(
                "", "/container", "/init.scope", "/init", "/system.slice/cron.service", "/kube-proxy", "/a/b/c.slice");
    }

    @Provide
    Arbitrary<Form> podForms() {
        return Arbitraries.of(
                new Form("unknown", "/kubepods/QOS/podPOD/ID"),
                new Form("cri-o", "/kubepods/QOS/podPOD/crio-ID"),
                new Form("cri-o", "/kubepods.slice/kubepods-QOS.slice/kubepods-QOS-podPOD_.slice/crio-ID.scope"),
                new Form("docker", "/kubepods.slice/kubepods-QOS.slice/kubepods-QOS-podPOD_.slice/docker-ID.scope"),
                new Form(
                        "containerd",
                        "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-QOS.slice"
                                + "/kubelet-kubepods-QOS-podPOD_.slice/cri-containerd-ID.scope"),
                new Form("containerd", "/system.slice/containerd.service/kubepods-QOS-podPOD_.slice:cri-containerd:ID"),
                new Form("docker", "/docker/OTHER/kubepods.slice/kubepods-QOS-podPOD_.slice/docker-ID.scope"));
    }

    @Provide
    Arbitrary<Form> plainForms() {
        return Arbitraries.of(
                new Form("podman", "/machine.slice/libpod-ID.scope"),
                new Form("podman", "/libpod_parent/libpod-ID"),
                new Form("podman", "/system.slice/foo.service/libpod-payload-ID"),
                new Form("podman", "/user.slice/user-7.slice/user@7.service/user.slice/libpod-ID.scope"),
                new Form("containerd", "/system.slice/nerdctl-ID.scope"),
                new Form("docker", "/docker/ID"),
                new Form("docker", "/docker/buildkit/ID"),
                new Form("docker", "/system.slice/docker-ID.scope"),
                new Form("unknown", "/default/ID"));
    }

    @Property
    void a_container_in_a_pod_is_found_with_the_pods_uid_and_class(
            @ForAll("podForms") Form form,
            @ForAll("ids") String id,
            @ForAll("ids") String other,
            @ForAll("uids") String uid,
            @ForAll("children") String child,
            @ForAll("classes") String qos) {
        String path = filled(form, id, uid, qos).replace("OTHER", other) + child;

        assertThat(CgroupPath.of(path, (ignored, _) -> false))
                .isEqualTo(new CgroupPath(form.runtime, id, "", uid, qos, ""));
    }

    @Provide
    Arbitrary<String> classes() {
        return Arbitraries.of("guaranteed", "burstable", "besteffort");
    }

    /** Guaranteed pods have no level of their own. */
    private static String filled(Form form, String id, String uid, String qos) {
        String path = qos.equals("guaranteed")
                ? form.path
                        .replaceAll("/(kubelet-)*kubepods-QOS\\.slice(?=/)", "")
                        .replaceAll("[-/]QOS", "")
                : form.path.replace("QOS", qos);
        return path.replace("POD_", uid.replace('-', '_')).replace("POD", uid).replace("ID", id);
    }

    @Property
    void a_container_outside_pods_is_found(
            @ForAll("plainForms") Form form, @ForAll("ids") String id, @ForAll("children") String child) {
        assertThat(CgroupPath.of(form.path.replace("ID", id) + child, (_, _) -> false))
                .isEqualTo(new CgroupPath(form.runtime, id, "", "", "", ""));
    }

    @Property
    void a_name_of_63_or_65_digits_is_no_container(
            @ForAll("plainForms") Form form, @ForAll("ids") String id, @ForAll("children") String child) {
        assertThat(CgroupPath.of(form.path.replace("ID", id.substring(1)) + child, (_, _) -> false)
                        .isContainer())
                .isFalse();
        assertThat(CgroupPath.of(form.path.replace("ID", id + "0") + child, (_, _) -> false)
                        .isContainer())
                .isFalse();
    }

    @Property
    void any_text_at_all_is_read_without_complaint(@ForAll String path) {
        CgroupPath cgroup = CgroupPath.of("/" + path, (_, _) -> false);

        assertThat(cgroup.isContainer()).isEqualTo(!cgroup.runtime().isEmpty());
        assertThat(cgroup.isContainer() && !cgroup.service().isEmpty()).isFalse();
    }
}
