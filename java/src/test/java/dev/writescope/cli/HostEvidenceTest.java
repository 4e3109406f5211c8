package dev.writescope.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.ContainerDirectory;
import dev.writescope.container.HostPaths;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostEvidenceTest {
    /** As a collector is that was closed before it was asked. */
    @Test
    void where_collecting_fails_that_is_told_in_place_of_evidence() throws Exception {
        HostEvidence evidence = new HostEvidence();
        try (ContainerDirectory containers = ContainerDirectory.open(HostPaths.ofEnvironment())) {
            evidence.open(containers, List.of());
            evidence.close();
            assertThat(evidence.finish(List.of()).missing())
                    .singleElement()
                    .asString()
                    .contains("collecting failed: java.util.concurrent.RejectedExecutionException");
        }
    }
}
