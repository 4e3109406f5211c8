package dev.writescope.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostCheckTest {
    private static final String EVERYTHING = "CapEff:\t000001ffffffffff\n";

    @TempDir
    Path root;

    private void file(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, content);
    }

    private Check check(String name, HookTrial... trials) {
        return HostCheck.of(root, List.of(trials)).stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static HookTrial works(Backend backend, String... misses) {
        return new HookTrial(
                HookTrial.FILES, backend, "", List.of(new Coverage(Operation.FSYNC, backend.label(), List.of(misses))));
    }

    private static HookTrial refused(Backend backend) {
        return new HookTrial(HookTrial.FILES, backend, "not permitted (EPERM)", List.of());
    }

    @Test
    void a_kernel_before_the_ring_buffer_fails_and_the_first_with_it_does_not() throws IOException {
        file("proc/sys/kernel/osrelease", "5.7.19-generic\n");
        assertThat(check("kernel").status()).isEqualTo(Check.Status.FAIL);
        file("proc/sys/kernel/osrelease", "5.8.0\n");
        assertThat(check("kernel").status()).isEqualTo(Check.Status.OK);
    }

    @Test
    void without_capabilities_every_missing_one_is_named() throws IOException {
        file("proc/self/status", "Name:\tx\nCapEff:\t0000000000000000\n");
        assertThat(check("privileges").status()).isEqualTo(Check.Status.FAIL);
        assertThat(check("privileges").finding())
                .isEqualTo("missing CAP_BPF, CAP_PERFMON, CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE, CAP_SYSLOG");
    }

    @Test
    void the_least_privileges_are_enough() throws IOException {
        long least = 1L << 39 | 1L << 38 | 1L << 2 | 1L << 19 | 1L << 34;
        file("proc/self/status", "CapEff:\t%016x\n".formatted(least));
        assertThat(check("privileges").status()).isEqualTo(Check.Status.OK);
    }

    @Test
    void capabilities_for_names_alone_are_only_a_warning() throws IOException {
        file("proc/self/status", "CapEff:\t%016x\n".formatted(1L << 21));
        assertThat(check("privileges").status()).isEqualTo(Check.Status.WARN);
        assertThat(check("privileges").finding()).contains("CAP_SYS_PTRACE").doesNotContain("CAP_BPF");
    }

    @Test
    void limited_locked_memory_matters_only_to_kernels_that_count_bpf_memory_as_locked() throws IOException {
        file("proc/self/status", "CapEff:\t%016x\n".formatted(0x1ffffffffffL & ~(1L << 24)));
        file("proc/self/limits", "Limit   Soft  Hard  Units\nMax locked memory         65536    65536    bytes\n");
        file("proc/sys/kernel/osrelease", "5.10.0\n");
        assertThat(check("privileges").status()).isEqualTo(Check.Status.FAIL);
        file("proc/sys/kernel/osrelease", "5.11.0\n");
        assertThat(check("privileges").status()).isEqualTo(Check.Status.OK);
    }

    @Test
    void only_lockdown_for_confidentiality_fails() throws IOException {
        file("sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
        assertThat(check("lockdown").status()).isEqualTo(Check.Status.OK);
        file("sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
        assertThat(check("lockdown").status()).isEqualTo(Check.Status.FAIL);
    }

    @Test
    void unknown_lockdown_is_no_problem_when_hooks_work() {
        assertThat(check("lockdown", works(Backend.TP_BTF)).status()).isEqualTo(Check.Status.OK);
        assertThat(check("lockdown", refused(Backend.TP_BTF)).status()).isEqualTo(Check.Status.WARN);
    }

    @Test
    void the_first_kind_that_works_is_chosen_and_told_with_what_it_misses() {
        Check fsync = check("fsync", refused(Backend.FENTRY), works(Backend.RAW_TP, "io_uring fsync"));
        assertThat(fsync.status()).isEqualTo(Check.Status.WARN);
        assertThat(fsync.finding()).isEqualTo("by raw_tp, which misses io_uring fsync");
        assertThat(fsync.remedy()).isNotEmpty();
    }

    @Test
    void no_kind_that_works_fails_and_points_to_the_privileges_when_they_are_missing() throws IOException {
        assertThat(check("fsync", refused(Backend.TP_BTF)).remedy()).isEqualTo("see privileges");
        file("proc/self/status", EVERYTHING);
        assertThat(check("fsync", refused(Backend.TP_BTF)).status()).isEqualTo(Check.Status.FAIL);
        assertThat(check("fsync", refused(Backend.TP_BTF)).remedy()).isNotEqualTo("see privileges");
    }

    @Test
    void tracefs_is_missed_only_when_nothing_else_works() throws IOException {
        assertThat(check("tracefs", works(Backend.TP_BTF)).status()).isEqualTo(Check.Status.OK);
        assertThat(check("tracefs").remedy()).isEqualTo("mount -t tracefs tracefs /sys/kernel/tracing");
        file("proc/self/mounts", "proc /proc proc rw 0 0\nt /sys/kernel/tracing tracefs rw 0 0\n");
        assertThat(check("tracefs").finding()).isEqualTo("mounted at /sys/kernel/tracing");
    }

    @Test
    void devices_without_statistics_are_told_but_not_those_without_a_request_queue() throws IOException {
        Files.createDirectories(root.resolve("sys/block/sdb/mq"));
        Files.createDirectories(root.resolve("sys/block/sda/mq"));
        file("sys/block/zram0/queue/iostats", "0\n");
        file("sys/block/sda/queue/iostats", "1\n");
        assertThat(check("block statistics").status()).isEqualTo(Check.Status.OK);
        file("sys/block/sdb/queue/iostats", "0\n");
        assertThat(check("block statistics").finding()).startsWith("off for sdb:");
        assertThat(check("block statistics").remedy()).isEqualTo("echo 1 > /sys/block/sdb/queue/iostats");
    }

    @Test
    void programs_are_told_by_the_process_that_holds_them() throws IOException {
        file("proc/7919/comm", "bpftrace\n");
        file("proc/7919/fdinfo/5", "pos:\t0\nprog_type:\t5\nprog_id:\t31\n");
        Files.createDirectories(root.resolve("proc/7919/fd"));
        Files.createSymbolicLink(root.resolve("proc/7919/fd/5"), Path.of("anon_inode:bpf-prog"));
        assertThat(OtherTracer.holders(root.resolve("proc"), Map.of(31, "do_write", 37, "pinned")))
                .containsExactly(
                        new OtherTracer(7919, "bpftrace", List.of("do_write")),
                        new OtherTracer(0, "", List.of("pinned")));
    }

    @Test
    void a_host_of_which_nothing_can_be_read_fails_without_an_exception() {
        assertThat(HostCheck.of(root, List.of()))
                .filteredOn(check -> check.status() == Check.Status.FAIL)
                .extracting(Check::name)
                .containsExactlyInAnyOrder("BTF", "privileges", "fsync", "write", "block");
    }
}
