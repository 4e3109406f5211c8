package dev.writescope.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EvidenceTest {
    private static final double LOG_ALARM = Math.log(864_000);

    @Test
    void it_is_the_mean_of_the_alternatives_shiryaev_roberts_statistics() {
        Evidence evidence = new Evidence(Level.P99, new Tail(1, 1, 0.01, 1), LOG_ALARM);
        double[] expected = new double[5];
        int[] exceeding = {1, 0, 2, 1, 3};
        double value = 0;
        for (int i = 0; i < exceeding.length; i++) {
            value = evidence.add(i, 1, 100, exceeding[i], LOG_ALARM);
            double sum = 0;
            double[] multiples = {1.5, 2, 4, 8, 16};
            for (int a = 0; a < 5; a++) {
                double odds = multiples[a] * 0.01 / 0.99;
                double share = odds / (1 + odds);
                double ratio =
                        Math.pow(share / 0.01, exceeding[i]) * Math.pow((1 - share) / 0.99, 100.0 - exceeding[i]);
                expected[a] = (expected[a] + 1) * ratio;
                sum += expected[a];
            }
            assertThat(value).isCloseTo(sum / 5, within(1e-9 * sum)); // so little that no token is missed
        }
        assertThat(evidence.value()).isEqualTo(value);
    }

    @Test
    void one_tick_gives_no_more_than_the_burst_that_is_allowed() {
        Evidence evidence = new Evidence(Level.P99, new Tail(1, 1, 0.01, 1), LOG_ALARM);
        double value = evidence.add(0, 1, 5_000, 5_000, LOG_ALARM);
        assertThat(Math.log(value)).isCloseTo(Level.P99.burst * LOG_ALARM, within(1e-9));
    }

    @Test
    void under_the_null_the_mean_is_no_more_than_the_number_of_ticks() {
        SplittableRandom random = new SplittableRandom(7);
        int runs = 4_000;
        double sum = 0;
        for (int run = 0; run < runs; run++) {
            Evidence evidence = new Evidence(Level.P90, new Tail(1, 1, 0.1, 1), LOG_ALARM);
            double value = 0;
            for (int tick = 0; tick < 20; tick++) {
                int exceeding = 0;
                for (int i = 0; i < 10; i++) {
                    exceeding += random.nextDouble() < 0.1 ? 1 : 0;
                }
                value = evidence.add(tick, 1, 10, exceeding, LOG_ALARM);
            }
            sum += value;
        }
        // 20 by theory, less what the tokens hold back and what the few that reach far miss in 4 000 runs.
        assertThat(sum / runs).isBetween(2.0, 22.0);
    }

    @Test
    void since_is_where_the_run_of_exceedances_began() {
        Evidence evidence = new Evidence(Level.P99, new Tail(1, 1, 0.01, 1), LOG_ALARM);
        for (int tick = 0; tick < 40; tick++) {
            evidence.add(tick, 1, 100, tick < 23 ? 0 : 9, LOG_ALARM);
        }
        assertThat(evidence.since()).isBetween(22L, 24L);
    }
}
