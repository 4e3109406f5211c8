package dev.writescope.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankIntervalTest {
    /** Tables of the sign test: so many of n signs may differ at a one-sided 5 %. */
    @ParameterizedTest
    @CsvSource({"5,0", "7,0", "8,1", "10,1", "11,2", "13,3", "25,7"})
    void pairs_leave_out_what_the_sign_test_says(int n, int differing) {
        double[] values = IntStream.range(0, n).asDoubleStream().toArray();
        RankInterval interval = RankInterval.ofPairs(values, 0.05);
        assertThat(interval.low()).isEqualTo(differing);
        assertThat(interval.high()).isEqualTo(n - 1 - differing);
        assertThat(interval.middle()).isEqualTo((n - 1) / 2.0);
    }

    /** Tables of the Mann-Whitney test at a one-sided 5 %: U may be at most this. */
    @ParameterizedTest
    @CsvSource({"3,3,0", "4,4,1", "5,5,4", "8,8,15", "5,8,8", "11,11,34"})
    void a_shift_leaves_out_what_the_mann_whitney_test_says(int m, int n, int u) {
        double[] apart = IntStream.range(0, n).asDoubleStream().toArray();
        double[] first = IntStream.range(0, m).mapToDouble(i -> -i * 100.0).toArray();
        // Differences are all distinct, so the place of the lower end among them tells how many were left out.
        double[] differences = java.util.Arrays.stream(first)
                .flatMap(one -> java.util.Arrays.stream(apart).map(other -> other - one))
                .sorted()
                .toArray();
        assertThat(RankInterval.ofShift(first, apart, 0.05).low()).isEqualTo(differences[u]);
    }

    @Test
    void too_few_values_have_no_interval() {
        assertThat(RankInterval.ofPairs(new double[] {1, 2, 3, 4}, 0.05).low()).isNaN();
        assertThat(RankInterval.ofShift(new double[] {1, 2}, new double[] {1, 2}, 0.05)
                        .low())
                .isNaN();
        assertThat(RankInterval.ofPairs(new double[0], 0.05).middle()).isNaN();
    }

    @Test
    void as_many_repetitions_as_may_be_asked_for_have_an_interval() {
        double[] first = IntStream.range(0, 523).asDoubleStream().toArray();
        double[] second = IntStream.range(7, 530).asDoubleStream().toArray();
        RankInterval interval = RankInterval.ofShift(first, second, 0.05);
        assertThat(interval.middle()).isEqualTo(7);
        // The standard deviation of the estimate is about that of one value, 151, times the root of 2 / 523.
        assertThat(interval.low()).isBetween(7 - 2 * 9.4, 7 - 9.4);
        assertThat(interval.high()).isBetween(7 + 9.4, 7 + 2 * 9.4);
    }

    @Test
    void the_interval_holds_the_truth_as_often_as_it_says_though_one_in_ten_met_a_stall() {
        Random random = new Random(7);
        int missed = 0;
        int runs = 4_000;
        for (int run = 0; run < runs; run++) {
            double[] differences = IntStream.range(0, 11)
                    .mapToDouble(i -> 0.2
                            + 0.05 * random.nextGaussian()
                            + (random.nextInt(10) == 0 ? random.nextDouble(-3, 3) : 0))
                    .toArray();
            missed += RankInterval.ofPairs(differences, 0.05).low() > 0.2 ? 1 : 0;
        }
        // Exactly 3.3 % with eleven values; five standard deviations of chance.
        assertThat((double) missed / runs).isBetween(0.019, 0.047);
    }
}
