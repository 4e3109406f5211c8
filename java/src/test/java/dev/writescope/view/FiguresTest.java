package dev.writescope.view;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0.00 µs",
        "570, 0.57 µs",
        "1234, 1.23 µs",
        "99949, 99.9 µs",
        "99951, 100 µs",
        "999499, 999 µs",
        "999500, 1.00 ms",
        "12300000, 12.3 ms",
        "999500000, 1.00 s",
        "61234000000, 61.2 s",
        "3600000000000, 3600 s"
    })
    void a_duration_has_three_figures_and_a_unit(long ns, String text) {
        assertThat(Durations.format(ns)).isEqualTo(text);
    }

    @Property
    void a_duration_below_a_thousand_seconds_fits_seven_columns(
            @ForAll @LongRange(min = 0, max = 999_499_999_999L) long ns) {
        assertThat(Printable.width(Durations.cell(ns))).isBetween(6, 7);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.2, 0.20", "12.34, 12.3", "999.4, 999", "999.6, 1.00k", "12340, 12.3k", "1234567, 1.23M"})
    void a_rate_has_three_figures(double rate, String text) {
        assertThat(Figures.rate(rate)).isEqualTo(text);
    }

    @Test
    void a_part_is_never_shown_as_nothing() {
        assertThat(Figures.share(1, 1_000_003)).isEqualTo("<0.01 %");
        assertThat(Figures.share(0, 1_000_003)).isEqualTo("0 %");
    }

    @Property
    void clipped_text_fits_and_safe_text_has_no_controls(
            @ForAll String text, @ForAll @IntRange(min = 0, max = 30) int columns) {
        String safe = Printable.of(text);
        assertThat(safe.codePoints()).noneMatch(Character::isISOControl);
        assertThat(Printable.width(Printable.clip(safe, columns))).isLessThanOrEqualTo(columns);
        assertThat(Printable.width(Printable.left(safe, columns))).isEqualTo(columns);
        assertThat(Printable.width(Printable.right(safe, columns))).isEqualTo(columns);
    }
}
