package dev.writescope.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EvidencePropertyTest {
    private static final double LOG_ALARM = Math.log(864_000);
    /** So high that no tick is limited. */
    private static final double UNLIMITED = 1e6;

    private static final Tail TAIL = new Tail(4_000_000, 300, 0.013, 1);

    /** The Shiryaev–Roberts statistic as its definition has it: a sum over all times at which the change may have come. */
    private static double byDefinition(List<Integer> exceeding, int samples, Tail tail, int seconds) {
        double sum = 0;
        for (double times : new double[] {1.5, 2, 4, 8, 16}) {
            double odds = times * tail.share() / (1 - tail.share());
            double share = odds / (1 + odds);
            for (int change = 0; change < exceeding.size(); change++) {
                double likelihoodRatio = 1;
                for (int k : exceeding.subList(change, exceeding.size())) {
                    double tick =
                            Math.pow(share / tail.share(), k) * Math.pow((1 - share) / (1 - tail.share()), samples - k);
                    likelihoodRatio *= Math.pow(tick, 1 / tail.overdispersion());
                }
                sum += seconds * likelihoodRatio;
            }
        }
        return sum / 5;
    }

    @Property(tries = 200)
    void the_recursion_is_the_sum_over_all_times_of_the_change(
            @ForAll @Size(min = 1, max = 13) List<@IntRange(min = 0, max = 7) Integer> exceeding,
            @ForAll @DoubleRange(min = 0.001, max = 0.6) @Scale(4) double share,
            @ForAll @DoubleRange(min = 1, max = 11) double overdispersion,
            @ForAll @IntRange(min = 1, max = 17) int seconds) {
        Tail tail = new Tail(4_000_000, 300, share, overdispersion);
        Evidence evidence = new Evidence(Level.P99, tail, UNLIMITED);
        double got = 0;
        for (int i = 0; i < exceeding.size(); i++) {
            got = evidence.add((long) i * seconds, seconds, 7, exceeding.get(i), UNLIMITED);
        }
        double expected = byDefinition(exceeding, 7, tail, seconds);
        assertThat(got).isCloseTo(expected, within(1e-9 * expected));
    }

    @Test
    void an_alarm_needs_sixteen_seconds_however_bad_they_are() {
        Evidence evidence = new Evidence(Level.P99, TAIL, LOG_ALARM);
        int seconds = 1;
        while (evidence.add(seconds, 1, 997, 997, LOG_ALARM) < 864_000) {
            seconds++;
        }
        // 0.25 at once and 0.05 in each of 15 more; that R grows by a second each time saves less than one.
        assertThat(seconds).isBetween(15, 16);
    }

    @Test
    void what_varies_more_by_itself_speaks_less() {
        Evidence plain = new Evidence(Level.P99, TAIL, UNLIMITED);
        Evidence overdispersed = new Evidence(Level.P99, TAIL.withOverdispersion(7, TAIL.share()), UNLIMITED);
        assertThat(Math.log(plain.add(0, 1, 499, 31, UNLIMITED)))
                .isGreaterThan(3 * Math.log(overdispersed.add(0, 1, 499, 31, UNLIMITED)));
    }

    @Property(tries = 200)
    void no_single_tick_reaches_an_alarm_however_long_it_was(
            @ForAll @IntRange(min = 1, max = 100_003) int samples,
            @ForAll @DoubleRange(min = 0, max = 1) double part,
            @ForAll @DoubleRange(min = 0.1, max = 3_607) double seconds,
            @ForAll @DoubleRange(min = 600, max = 1e9) double alarm,
            @ForAll Level level) {
        Evidence evidence = new Evidence(level, TAIL, Math.log(alarm));
        assertThat(evidence.add(0, seconds, samples, (int) (part * samples), Math.log(alarm)))
                .isLessThan(alarm);
    }
}
