package dev.writescope.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {
    private final DurationConverter converter = new DurationConverter();

    @ParameterizedTest
    @CsvSource({"7ns, 7", "1.5us, 1500", "11ms, 11000000", "1.000000001s, 1000000001", "2m, 120000000000", "0s, 0"})
    void a_number_and_a_unit_are_a_duration(String text, long nanoseconds) {
        assertThat(converter.convert(text)).isEqualTo(Duration.ofNanos(nanoseconds));
    }

    @Test
    void what_is_beyond_64_bits_is_very_long_and_not_anything() {
        assertThat(converter.convert("9999999h")).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
        assertThat(converter.convert("2562047h")).isGreaterThan(Duration.ofHours(2_562_046));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "-1s", "1 s", "1d", "1e3s", ".5s", "1.s"})
    void anything_else_is_told(String text) {
        assertThatThrownBy(() -> converter.convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("'" + text + "' is no duration");
    }
}
