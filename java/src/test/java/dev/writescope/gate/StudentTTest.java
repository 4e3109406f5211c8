package dev.writescope.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StudentTTest {
    /** From the tables that every textbook has. */
    @ParameterizedTest
    @CsvSource({
        "0.05, 1, 6.314",
        "0.05, 2, 2.920",
        "0.025, 4, 2.776",
        "0.05, 7, 1.895",
        "0.025, 7, 2.365",
        "0.01, 30, 2.457"
    })
    void agrees_with_the_tables(double tail, double freedom, double expected) {
        assertThat(StudentT.exceededWith(tail, freedom)).isCloseTo(expected, within(0.002));
    }
}
