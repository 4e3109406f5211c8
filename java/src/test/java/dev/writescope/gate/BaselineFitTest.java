package dev.writescope.gate;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.latency.RunStart;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaselineFitTest {
    private static RunStart run(String host, String kernel, String machine, int digits, Coverage... coverage) {
        return new RunStart(
                Instant.parse("2026-11-24T06:00:00Z"),
                "0.1.0",
                host,
                kernel,
                machine,
                "v2",
                Duration.ofMillis(100),
                digits,
                List.of(),
                List.of(coverage));
    }

    private static final Coverage FSYNC = new Coverage(Operation.FSYNC, "tp_btf", List.of("io_uring"));
    private static final RunStart HERE = run("runner-7", "6.12.43-cloud", "amd64, 2 × EPYC", 3, FSYNC);

    private static void assertRefused(RunStart baseline, String why) {
        assertThatThrownBy(() -> BaselineFit.check(baseline, HERE))
                .isInstanceOf(NoVerdictException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("--update-baseline")
                .hasMessageContaining("--baseline-command");
    }

    @Test
    void another_host_name_and_patch_level_fit() {
        assertThatCode(() -> BaselineFit.check(run("runner-11", "6.12.1", "amd64, 2 × EPYC", 3, FSYNC), HERE))
                .doesNotThrowAnyException();
    }

    @Test
    void another_processor_does_not_fit() {
        assertRefused(
                run("runner-7", "6.12.43-cloud", "amd64, 4 × EPYC", 3, FSYNC),
                "amd64, 4 × EPYC, here it is amd64, 2 × EPYC");
    }

    @Test
    void another_kernel_series_does_not_fit() {
        assertRefused(run("runner-7", "6.1.43-cloud", "amd64, 2 × EPYC", 3, FSYNC), "Linux 6.1, here it is 6.12");
    }

    @Test
    void coarser_latencies_do_not_fit() {
        assertRefused(run("runner-7", "6.12.43-cloud", "amd64, 2 × EPYC", 2, FSYNC), "significant digits: 2");
    }

    @Test
    void hooks_that_see_something_else_do_not_fit() {
        assertRefused(
                run(
                        "runner-7",
                        "6.12.43-cloud",
                        "amd64, 2 × EPYC",
                        3,
                        new Coverage(Operation.FSYNC, "fentry", List.of())),
                "fsync by fentry, here it is by tp_btf without io_uring");
    }

    @Test
    void an_operation_that_was_not_seen_does_not_fit() {
        assertRefused(run("runner-7", "6.12.43-cloud", "amd64, 2 × EPYC", 3), "by no hook");
    }
}
