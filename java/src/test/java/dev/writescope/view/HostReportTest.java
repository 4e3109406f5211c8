package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.probe.Backend;
import dev.writescope.probe.Check;
import dev.writescope.probe.Coverage;
import dev.writescope.probe.HookTrial;
import dev.writescope.probe.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class HostReportTest {
    private static final Check FINE = Check.ok("kernel", "Linux 6.18");
    private static final Check LESS = Check.warn("fsync", "by raw_tp", "a newer kernel");
    private static final Check BROKEN = Check.fail("BTF", "no /x\u001b[2J", "boot another kernel");

    private static final List<HookTrial> TRIALS = List.of(
            new HookTrial(HookTrial.FILES, Backend.FENTRY, "not permitted (EPERM)", List.of()),
            new HookTrial(
                    HookTrial.FILES,
                    Backend.TP_BTF,
                    "",
                    List.of(new Coverage(Operation.FSYNC, "tp_btf", List.of("io_uring fsync")))),
            new HookTrial(HookTrial.FILES, Backend.RAW_TP, "", List.of()));

    private static HostReport report(Check... checks) {
        return new HostReport("0.7", List.of(checks), TRIALS, List.of());
    }

    private static String text(HostReport report, boolean colour) throws IOException {
        StringBuilder text = new StringBuilder();
        report.text(text, colour);
        return text.toString();
    }

    @Test
    void warnings_leave_a_host_traceable_and_one_failure_does_not() {
        assertThat(report(FINE, LESS).canTrace()).isTrue();
        assertThat(report(FINE, LESS, BROKEN).canTrace()).isFalse();
    }

    @Test
    void every_problem_is_followed_by_its_remedy_in_aligned_columns() throws IOException {
        assertThat(text(report(FINE, LESS), false).lines().toList())
                .startsWith(
                        "writescope 0.7",
                        "ok    kernel  Linux 6.18",
                        "warn  fsync   by raw_tp",
                        "              → a newer kernel");
    }

    @Test
    void of_the_kinds_that_work_the_first_is_chosen() throws IOException {
        assertThat(text(report(FINE), false))
                .containsPattern("fentry +refused +not permitted \\(EPERM\\)")
                .containsPattern("tp_btf +chosen")
                .containsPattern("raw_tp +works");
    }

    @Test
    void what_comes_from_the_host_cannot_reach_a_terminal_as_an_escape() throws IOException {
        assertThat(text(report(BROKEN), false)).doesNotContain("\u001b");
        assertThat(text(report(BROKEN), true))
                .contains("\u001b[31mfail\u001b[0m")
                .doesNotContain("\u001b[2J");
    }

    @Test
    void json_is_one_object_in_one_line_of_ascii() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        report(FINE, LESS, BROKEN).json(out);
        String json = out.toString(StandardCharsets.UTF_8);
        assertThat(json).endsWith("}\n").hasLineCount(1).isASCII();
        assertThat(json)
                .startsWith("{\"type\":\"doctor\",\"schema\":1,\"version\":\"0.7\",\"traceable\":false,")
                .contains("\"hooks\":{\"fsync\":{\"kind\":\"tp_btf\",\"misses\":[\"io_uring fsync\"]}}");
        try (JsonParser parser = JsonFactory.builder().build().createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            parser.skipChildren();
            assertThat(parser.nextToken()).isNull();
        }
    }
}
