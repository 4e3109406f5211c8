package dev.writescope.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RegressionEnvironmentTest {
    @Test
    void every_fact_has_its_variable() {
        assertThat(RegressionEnvironment.of(Flags.of("db", "/data")))
                .containsEntry("WRITESCOPE_STATE", "alarm")
                .containsEntry("WRITESCOPE_TIME", "2026-11-24T12:00:17Z")
                .containsEntry("WRITESCOPE_CONTAINER", "db")
                .containsEntry("WRITESCOPE_CONTAINER_ID", "c0ffee17")
                .containsEntry("WRITESCOPE_NAMESPACE", "shop")
                .containsEntry("WRITESCOPE_POD", "db-0")
                .containsEntry("WRITESCOPE_OPERATION", "fsync")
                .containsEntry("WRITESCOPE_KIND", "fdatasync")
                .containsEntry("WRITESCOPE_MOUNT", "/data")
                .containsEntry("WRITESCOPE_QUANTILE", "0.99")
                .containsEntry("WRITESCOPE_BASELINE_NS", "2100007")
                .containsEntry("WRITESCOPE_CURRENT_NS", "93000017")
                .containsEntry("WRITESCOPE_RATIO", "44.286")
                .containsEntry("WRITESCOPE_SINCE", "2026-11-24T12:00:01Z")
                .hasSize(14);
    }

    @Test
    void what_is_merged_is_set_and_empty() {
        assertThat(RegressionEnvironment.of(Flags.of("db", null)))
                .containsEntry("WRITESCOPE_KIND", "")
                .containsEntry("WRITESCOPE_MOUNT", "")
                .hasSize(14);
    }

    @Test
    void what_the_locale_cannot_write_is_told_by_its_number() {
        assertThat(RegressionEnvironment.of(Flags.of("db", "/é/😀"), StandardCharsets.US_ASCII))
                .containsEntry("WRITESCOPE_MOUNT", "/\\x{e9}/\\x{1f600}");
        assertThat(RegressionEnvironment.of(Flags.of("db", "/é/😀"), StandardCharsets.UTF_8))
                .containsEntry("WRITESCOPE_MOUNT", "/é/😀");
    }

    @Property(tries = 300)
    void no_name_brings_control_characters_or_more_than_a_variable_can_hold(@ForAll String name) {
        assertThat(RegressionEnvironment.of(Flags.of(name, (name + "\0").repeat(1009)), StandardCharsets.UTF_8))
                .allSatisfy((variable, value) -> {
                    assertThat(value.codePoints())
                            .noneMatch(each ->
                                    Character.isISOControl(each) || Character.getType(each) == Character.SURROGATE);
                    assertThat(value.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(128 * 1024);
                });
    }
}
