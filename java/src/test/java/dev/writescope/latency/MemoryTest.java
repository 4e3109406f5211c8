package dev.writescope.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryTest {
    @Test
    void aThousandContainersFitIntoTheMemoryThatIsPromised() throws Exception {
        // The heap of bin/writescope; more intervals than are ever pending, so that pools and totals have settled.
        Process process = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-XX:+UseSerialGC",
                        "-Xmx176m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ThousandContainers.class.getName(),
                        "31"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> answer = List.of(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip()
                .split(" ", -1));
        assertThat(process.waitFor()).isZero();
        assertThat(Long.parseLong(answer.get(0))).isEqualTo(31L * 1000 * 2 * 23 * 3);
        assertThat(Long.parseLong(answer.get(1))).isLessThan(256 * 1024);
    }
}
