package dev.writescope.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TracerLossesTest {
    @Test
    void what_the_programs_of_waits_were_skipped_for_is_not_taken_apart() {
        Map<String, Long> missed = Map.of(
                "switch_btf",
                2L,
                "waking_btf",
                3L,
                "start_commit_btf",
                5L,
                "commit_logging_raw",
                7L,
                "end_commit_raw",
                11L);
        assertThat(Tracer.missed(missed, true, true)).isEqualTo(new Losses(0, 0, 0, 28, 0));
    }

    @Test
    void what_others_were_skipped_for_is_not_counted() {
        Map<String, Long> missed =
                Map.of("write_fexit", 2L, "fsync_range_fentry", 3L, "block_complete_btf", 5L, "sys_exit_btf", 7L);
        assertThat(Tracer.missed(missed, true, true)).isEqualTo(new Losses(10, 9, 5));
        assertThat(Tracer.missed(missed, false, true)).isEqualTo(new Losses(10, 0, 5));
    }
}
