package dev.writescope.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.stage.FioRun.Latency;
import org.junit.jupiter.api.Test;

class FioRunTest {
    private static final String TWO_JOBS = """
            note: both iodepth >= 1 and synchronous I/O engine are selected
            {"fio version" : "fio-3.33", "jobs" : [
              {"jobname" : "a",
               "write" : {"total_ios" : 103, "clat_ns" : {"min" : 5779, "max" : 68701, "mean" : 8814.5, "N" : 103,
                 "percentile" : {"50.000000" : 7136, "95.000000" : 12096, "99.000000" : 52992}}},
               "sync" : {"total_ios" : 0, "lat_ns" : {"min" : 0, "max" : 0, "mean" : 0.000000, "N" : 0}}},
              {"jobname" : "b", "write" : {"clat_ns" : {"min" : 1, "max" : 1, "mean" : 1, "N" : 1}}}
            ]}
            """;

    @Test
    void the_first_job_is_read_whatever_fio_says_before() {
        FioRun run = FioRun.parse(TWO_JOBS);
        assertThat(run.write()).isEqualTo(new Latency(103, 5779, 8814.5, 7136, 12096, 52992, 68701));
        assertThat(run.sync()).isEqualTo(new Latency(0, 0, 0.0, 0, 0, 0, 0));
    }

    @Test
    void output_that_is_cut_off_is_not_taken_for_a_result() {
        assertThatThrownBy(() -> FioRun.parse(TWO_JOBS.substring(0, TWO_JOBS.length() - 4)))
                .isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> FioRun.parse("fio: file hash not empty on exit"))
                .hasMessageContaining("printed no JSON");
    }
}
