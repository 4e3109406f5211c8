package dev.writescope.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HookPlanTest {
    @ParameterizedTest
    @CsvSource({
        "6.18.44-fc,0",
        "6.1.0-56-cloud-amd64,0",
        "7.0.0-rc1,1",
        "7.2.13+deb14-cloud-amd64,1",
        "10.1,1",
        "'',0",
        "7,0"
    })
    void events_are_skipped_by_preemption_since_7_0(String release, int misses) {
        assertThat(HookPlan.missedByPreemption(release)).hasSize(misses);
    }
}
