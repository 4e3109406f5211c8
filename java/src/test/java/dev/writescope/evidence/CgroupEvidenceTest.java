package dev.writescope.evidence;

import static dev.writescope.evidence.FakeTargets.DB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.groups.Tuple.tuple;

import dev.writescope.container.Container;
import dev.writescope.container.ContainerCgroup;
import dev.writescope.container.FakeHost;
import dev.writescope.container.IdSpace;
import dev.writescope.evidence.Evidence.CgroupIo;
import dev.writescope.evidence.Evidence.IoLimit;
import dev.writescope.evidence.Evidence.Pressure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits, traffic and pressure of cgroups, of both versions. */
class CgroupEvidenceTest {
    private final Missing missing = new Missing();

    @TempDir
    Path root;

    private FakeHost host() {
        return new FakeHost(root);
    }

    private List<IoLimit> limits(Target target) {
        return new IoLimits(List.of(target), missing).finish(List.of(target));
    }

    private IoLimit limit(String device, String name, long value, String file) {
        return new IoLimit(
                DB, device, name, value, root.resolve("cgroup").resolve(file).toString(), -1);
    }

    @Test
    void limits_of_v2_are_read_from_the_cgroup_and_all_above_it() {
        FakeHost host = host();
        Target target = FakeTargets.target(host, DB, true, "/pods/pod7/db");
        host.file("cgroup/unified/pods/pod7/db/io.max", "8:0 rbps=max wbps=1048583 riops=max wiops=120\n")
                .file("cgroup/unified/pods/pod7/io.weight", "default 50\n8:16 700\n")
                .file("cgroup/unified/pods/io.latency", "8:0 target=75000\n")
                .file("cgroup/unified/pods/pod7/db/memory.max", "67108864\n")
                .file("cgroup/unified/pods/pod7/db/memory.high", "max\n")
                .file("cgroup/unified/io.max", "8:0 wbps=7\n");
        assertThat(limits(target))
                .containsExactlyInAnyOrder(
                        limit("8:0", "wbps", 1_048_583, "unified/pods/pod7/db/io.max"),
                        limit("8:0", "wiops", 120, "unified/pods/pod7/db/io.max"),
                        limit("", "memory.max", 67_108_864, "unified/pods/pod7/db/memory.max"),
                        limit("", "weight", 50, "unified/pods/pod7/io.weight"),
                        limit("8:16", "weight", 700, "unified/pods/pod7/io.weight"),
                        limit("8:0", "latency", 75_000, "unified/pods/io.latency"));
        assertThat(missing.list()).isEmpty();
    }

    @Test
    void limits_of_v1_have_the_names_of_v2() {
        FakeHost host = host();
        Target target = FakeTargets.target(host, DB, false, "/docker/db");
        host.file("cgroup/blkio/docker/db/blkio.throttle.write_bps_device", "7:3 1000003\n")
                .file("cgroup/blkio/docker/db/blkio.throttle.write_iops_device", "7:3 997\n")
                .file("cgroup/blkio/docker/db/blkio.throttle.read_bps_device", "7:3 11\n")
                .file("cgroup/blkio/docker/db/blkio.throttle.read_iops_device", "7:3 13\n")
                .file("cgroup/blkio/docker/db/blkio.bfq.weight", "100\n")
                .file("cgroup/blkio/docker/blkio.weight", "300\n");
        assertThat(limits(target))
                .extracting(IoLimit::name, IoLimit::value)
                .containsExactlyInAnyOrder(
                        tuple("wbps", 1_000_003L),
                        tuple("wiops", 997L),
                        tuple("rbps", 11L),
                        tuple("riops", 13L),
                        tuple("weight", 300L));
    }

    @Test
    void without_the_controller_there_is_no_limit_and_that_is_said() {
        FakeHost host = host();
        Target target = FakeTargets.target(host, DB, true, "/db");
        assertThat(limits(target)).isEmpty();
        assertThat(missing.list()).singleElement().asString().startsWith("limits of db: ");
    }

    @Test
    void what_is_no_limit_is_left_out() {
        FakeHost host = host();
        Target target = FakeTargets.target(host, DB, true, "/db");
        host.file("cgroup/unified/db/io.max", """
                8:0 rbps=max wbps=-7 riops= wiops=99999999999999999999 =3 x
                \u001b[31m wbps=7
                8:0
                """).file("cgroup/unified/db/io.weight", "\n\ndefault 100\nold news\n");
        assertThat(limits(target)).isEmpty();
    }

    @Test
    void the_time_held_back_is_what_io_cost_counts() {
        FakeHost host = host();
        Target target = FakeTargets.target(host, DB, true, "/db");
        host.file("cgroup/unified/db/io.max", "")
                .file("cgroup/unified/db/io.weight", "default 50\n")
                .file("cgroup/unified/db/io.stat", "8:0 wbytes=1 cost.wait=100\n");
        IoLimits limits = new IoLimits(List.of(target), missing);
        host.file("cgroup/unified/db/io.stat", "8:0 wbytes=9 cost.wait=117\n");
        assertThat(limits.finish(List.of(target)))
                .singleElement()
                .extracting(IoLimit::throttledNs)
                .isEqualTo(17_000L);
    }

    @Test
    void traffic_is_the_difference_of_a_containers_outermost_cgroups() {
        FakeHost host = host();
        Container busy = FakeTargets.container("busy");
        List<ContainerCgroup> cgroups = List.of(
                FakeTargets.cgroup(host, DB, IdSpace.BLOCK, true, "/db"),
                FakeTargets.cgroup(host, DB, IdSpace.BLOCK, true, "/db/inner"),
                FakeTargets.cgroup(host, busy, IdSpace.BLOCK, true, "/busy"),
                FakeTargets.cgroup(host, Container.host(""), IdSpace.BLOCK, true, "/user"));
        host.file("cgroup/unified/db/io.stat", "8:0 rbytes=10 wbytes=100 rios=1 wios=2 dbytes=0 dios=0\n")
                .file("cgroup/unified/db/inner/io.stat", "8:0 rbytes=10 wbytes=100 rios=1 wios=2\n")
                .file("cgroup/unified/busy/io.stat", "");
        CgroupTraffic traffic = new CgroupTraffic(cgroups, missing);
        host.file("cgroup/unified/db/io.stat", "8:0 rbytes=17 wbytes=211 rios=4 wios=7\n8:16 rbytes=0 wbytes=0\n")
                .file("cgroup/unified/busy/io.stat", "8:0 rbytes=0 wbytes=7919 rios=0 wios=3\n");
        assertThat(traffic.finish(cgroups))
                .containsExactly(new CgroupIo(busy, "8:0", 0, 7919, 0, 3), new CgroupIo(DB, "8:0", 7, 111, 3, 5));
    }

    @Test
    void the_traffic_of_a_cgroup_that_was_not_read_in_the_beginning_is_unknown() {
        FakeHost host = host();
        List<ContainerCgroup> cgroups = new ArrayList<>();
        for (int i = 0; i < CgroupTraffic.MAX_CGROUPS; i++) {
            cgroups.add(FakeTargets.cgroup(host, FakeTargets.container("c" + i), IdSpace.BLOCK, true, "/c" + i));
        }
        ContainerCgroup db = FakeTargets.cgroup(host, DB, IdSpace.BLOCK, true, "/db");
        cgroups.add(db);
        host.file("cgroup/unified/db/io.stat", "8:0 rbytes=7919 wbytes=7919 rios=1 wios=2\n");
        CgroupTraffic traffic = new CgroupTraffic(cgroups, missing);
        ContainerCgroup later = FakeTargets.cgroup(host, FakeTargets.container("new"), IdSpace.BLOCK, true, "/new");
        host.file("cgroup/unified/new/io.stat", "8:0 rbytes=0 wbytes=17 rios=0 wios=3\n");
        assertThat(traffic.finish(List.of(db, later)))
                .containsExactly(new CgroupIo(later.container(), "8:0", 0, 17, 0, 3));
    }

    @Test
    void traffic_of_v1_is_recursive_where_the_kernel_has_that() {
        FakeHost host = host();
        List<ContainerCgroup> cgroups = List.of(FakeTargets.cgroup(host, DB, IdSpace.BLOCK, false, "/db"));
        host.file("cgroup/blkio/db/blkio.throttle.io_service_bytes", "Total 0\n")
                .file("cgroup/blkio/db/blkio.throttle.io_serviced", "Total 0\n");
        CgroupTraffic traffic = new CgroupTraffic(cgroups, missing);
        host.file("cgroup/blkio/db/blkio.throttle.io_service_bytes_recursive", """
                        7:3 Read 17
                        7:3 Write 7919
                        7:3 Sync 7936
                        7:3 Total 7936
                        Total 7936
                        """)
                .file("cgroup/blkio/db/blkio.throttle.io_serviced_recursive", "7:3 Read 3\n7:3 Write 5\n");
        assertThat(traffic.finish(cgroups)).containsExactly(new CgroupIo(DB, "7:3", 17, 7919, 3, 5));
    }

    @Test
    void a_counter_that_went_back_belongs_to_a_new_cgroup_of_that_name() {
        assertThat(new CgroupTraffic.Counters(5, 7, 1, 1).since(new CgroupTraffic.Counters(50, 70, 10, 10)))
                .isEqualTo(new CgroupTraffic.Counters(5, 7, 1, 1));
    }

    @Test
    void pressure_is_the_share_of_the_window_from_the_totals() {
        FakeHost host = host();
        Target target = FakeTargets.target(host, DB, true, "/db");
        pressure("proc/pressure/io", "proc/pressure/memory", 1_000, 100, 10);
        pressure("cgroup/unified/db/io.pressure", "cgroup/unified/db/memory.pressure", 0, 0, 0);
        PressureTotals totals = new PressureTotals(host.paths(), List.of(target), missing);
        pressure("proc/pressure/io", "proc/pressure/memory", 501_000, 250_100, 10);
        pressure("cgroup/unified/db/io.pressure", "cgroup/unified/db/memory.pressure", 250_000, 9_000_000, 125_000);
        List<Pressure> shares = totals.finish(List.of(target), Duration.ofSeconds(1));
        assertThat(shares).extracting(Pressure::container).containsExactly(Container.host(""), DB);
        assertThat(shares.getFirst().ioSome()).isCloseTo(0.5, within(1e-9));
        assertThat(shares.getFirst().ioFull()).isCloseTo(0.25, within(1e-9));
        assertThat(shares.getFirst().memorySome()).isZero();
        assertThat(shares.getLast()).isEqualTo(new Pressure(DB, 0.25, 1, 0.125));
    }

    @Test
    void a_container_that_was_not_looked_at_in_the_beginning_has_no_pressure() {
        Target target = FakeTargets.target(host(), DB, true, "/db");
        pressure("cgroup/unified/db/io.pressure", "cgroup/unified/db/memory.pressure", 250_000, 17, 125_000);
        PressureTotals totals = new PressureTotals(host().paths(), List.of(), missing);
        assertThat(totals.finish(List.of(target), Duration.ofSeconds(1))).isEmpty();
        assertThat(missing.list()).contains("pressure of db: was not read at the start of the window");
    }

    @Test
    void a_kernel_that_counts_no_traffic_without_limits_is_told_from_an_idle_container() {
        FakeHost host = host();
        List<ContainerCgroup> cgroups = List.of(FakeTargets.cgroup(host, DB, IdSpace.BLOCK, false, "/db"));
        host.file("cgroup/blkio/db/blkio.throttle.io_service_bytes", "Total 0\n")
                .file("cgroup/blkio/db/blkio.throttle.io_serviced", "Total 0\n");
        assertThat(new CgroupTraffic(cgroups, missing).finish(cgroups)).isEmpty();
        assertThat(missing.list()).singleElement().asString().startsWith("traffic of cgroups: ");
    }

    private void pressure(String io, String memory, long some, long full, long memorySome) {
        String line = "%s avg10=0.00 avg60=0.12 avg300=0.00 total=%d\n";
        host().file(io, line.formatted("some", some) + line.formatted("full", full))
                .file(memory, line.formatted("some", memorySome));
    }

    @Test
    void without_pressure_files_it_is_said_that_they_are_missing() {
        Target target = FakeTargets.target(host(), DB, true, "/db");
        PressureTotals totals = new PressureTotals(host().paths(), List.of(target), missing);
        assertThat(totals.finish(List.of(target), Duration.ofSeconds(1))).isEmpty();
        assertThat(missing.list()).hasSize(2).allMatch(reason -> reason.startsWith("pressure of "));
    }

    @Test
    void processes_of_all_cgroups_of_a_container_are_its_own_but_those_of_other_namespaces() {
        FakeHost host = host();
        List<ContainerCgroup> cgroups = List.of(
                FakeTargets.cgroup(host, DB, IdSpace.TASK, true, "/db"),
                FakeTargets.cgroup(host, DB, IdSpace.TASK, true, "/db/inner"),
                FakeTargets.cgroup(host, FakeTargets.container("web"), IdSpace.TASK, true, "/web"));
        host.file("cgroup/unified/db/cgroup.procs", "7\n0\n13\nx\n99999999999\n-1\n")
                .file("cgroup/unified/db/inner/cgroup.procs", "17\n")
                .file("cgroup/unified/web/cgroup.procs", "19\n");
        assertThat(Target.of(List.of(DB), cgroups)).singleElement().satisfies(target -> {
            assertThat(target.pids()).containsExactly(7, 13, 17);
            assertThat(target.outermost(IdSpace.TASK))
                    .extracting(ContainerCgroup::path)
                    .containsExactly("/db");
        });
    }
}
