package dev.writescope.gate;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.recording.Canary;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskHealthTest {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;

    private static Canary canary(long p50Ns, long p95Ns) {
        return new Canary(Instant.parse("2026-11-24T06:00:00Z"), 61, p50Ns, p95Ns);
    }

    @Test
    void a_disk_that_slowed_down_on_the_way_gives_no_verdict() {
        assertThatThrownBy(() -> DiskHealth.check(canary(7 * MS, 41 * MS), canary(11 * MS, 380 * MS), List.of()))
                .isInstanceOf(NoVerdictException.class)
                .hasMessage("the machine's disk is unsteady: fsync canary P95 41 ms at the start, 380 ms at the end:"
                        + " run again, or on a quieter machine");
    }

    @Test
    void it_does_so_too_when_it_recovered_on_the_way() {
        assertThatThrownBy(() -> DiskHealth.check(canary(97 * MS, 101 * MS), canary(5 * MS, 7 * MS), List.of()))
                .hasMessageContaining("P50 97 ms at the start, 5.0 ms at the end");
    }

    @Test
    void a_disk_that_hangs_gives_no_verdict_however_steadily() {
        assertThatThrownBy(
                        () -> DiskHealth.check(canary(1300 * MS, 1300 * MS), canary(1300 * MS, 1300 * MS), List.of()))
                .hasMessageContaining("hangs");
    }

    @Test
    void noise_of_a_shared_machine_is_no_sickness() {
        assertThatCode(() -> DiskHealth.check(canary(40 * US, 90 * US), canary(2300 * US, 41 * MS), List.of()))
                .doesNotThrowAnyException();
    }

    @Test
    void a_baseline_from_another_class_of_disk_is_refused() {
        assertThatThrownBy(() -> DiskHealth.check(
                        canary(31 * MS, 37 * MS), canary(31 * MS, 37 * MS), List.of(canary(90 * US, MS))))
                .hasMessageContaining("another disk")
                .hasMessageContaining("--update-baseline");
    }
}
