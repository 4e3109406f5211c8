package dev.writescope.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class ShellWordTest {
    private static final List<String> HOSTILE = List.of(
            "/var/lib/app",
            "",
            "-rf",
            "a b",
            "$(reboot)",
            "`reboot`",
            "'; reboot; '",
            "a\"b\\c",
            "line\nbreak",
            "\u001b[31mred\u0007",
            "\u202eevil\u2028",
            "é😀",
            "!history",
            "*?[x]~",
            "tab\there'quote\\",
            "/a##vso[task]");

    @Test
    void a_shell_takes_each_as_the_one_word_that_it_is() throws IOException {
        List<String> script = new ArrayList<>();
        HOSTILE.forEach(text -> script.add("printf '%s\\0' " + ShellWord.quote(text)));
        String out = bash(String.join("\n", script));
        assertThat(List.of(out.split("\0", -1)).subList(0, HOSTILE.size())).isEqualTo(HOSTILE);
    }

    @Test
    void no_character_of_a_word_is_invisible_or_ends_the_line() {
        for (String text : HOSTILE) {
            assertThat(ShellWord.quote(text) + ShellWord.yaml(text))
                    .doesNotContain("##", "\n", "\u001b", "\u0007", "\u202e", "\u2028", "\t");
        }
    }

    @Test
    void yaml_reads_each_back() {
        for (String text : HOSTILE) {
            try (JsonParser json =
                    JsonFactory.builder().build().createParser(ObjectReadContext.empty(), ShellWord.yaml(text))) {
                json.nextToken();
                assertThat(json.getString()).isEqualTo(text);
            }
        }
    }

    @Test
    void a_field_among_others_is_one_whatever_is_in_it() {
        assertThat(ShellWord.field("dst=/data")).isEqualTo("dst=/data");
        assertThat(ShellWord.field("dst=/a b")).isEqualTo("\"dst=/a b\"");
        assertThat(ShellWord.field("dst=/a,src=/\"")).isEqualTo("\"dst=/a,src=/\"\"\"");
    }

    @Test
    void fstab_means_each() throws IOException {
        for (String text : HOSTILE) {
            String field = ShellWord.fstab("/" + text);
            assertThat(field).matches("[-A-Za-z0-9_./:@%+=,\\\\]+");
            // mount decodes octal numbers as printf does.
            assertThat(bash("printf '%b\\0' " + ShellWord.quote(field.replaceAll("\\\\(\\d{3})", "\\\\0$1"))))
                    .isEqualTo("/" + text + "\0");
        }
    }

    private static String bash(String script) throws IOException {
        Process bash = new ProcessBuilder("bash", "-c", "export LC_ALL=C.UTF-8\n" + script)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void a_word_without_risk_is_left_alone() {
        assertThat(ShellWord.quote("/sys/fs/cgroup/db/io.max")).isEqualTo("/sys/fs/cgroup/db/io.max");
    }
}
