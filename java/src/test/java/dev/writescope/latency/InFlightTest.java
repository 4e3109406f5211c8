package dev.writescope.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class InFlightTest {
    private static final long BIN = 1L << InFlight.BIN_BITS;
    private static final long SECOND = BIN << 10;
    /** The begin of a bin and of a second. */
    private static final long T = 101 * SECOND;

    private final InFlight inFlight = new InFlight();

    private Map<Long, Long> divide(long fromNs, long toNs, long ns, boolean writesOnly) {
        Map<Long, Long> held = new TreeMap<>();
        WaitBins waits = new WaitBins();
        assertThat(waits.add(fromNs, toNs, ns)).isZero();
        waits.take(
                _ -> true,
                (number, each) -> inFlight.divide(
                        number, each, writesOnly, (owner, share) -> held.merge(owner, share, Long::sum)));
        return held;
    }

    private Map<Long, Long> divide(long fromNs, long toNs) {
        return divide(fromNs, toNs, toNs - fromNs, false);
    }

    @Test
    void a_wait_belongs_to_whose_requests_were_in_flight_in_proportion() {
        inFlight.add(7, true, T, T + 4 * BIN);
        inFlight.add(7, true, T, T + 4 * BIN);
        inFlight.add(7, true, T, T + 4 * BIN);
        inFlight.add(11, true, T, T + 4 * BIN);
        assertThat(divide(T, T + 4 * BIN)).isEqualTo(Map.of(7L, 3 * BIN, 11L, BIN));
    }

    @Test
    void what_was_in_flight_before_and_after_does_not_count() {
        inFlight.add(7, true, T, T + 2 * BIN);
        inFlight.add(11, true, T + 2 * BIN, T + 4 * BIN);
        inFlight.add(13, true, T + 4 * BIN, T + 5 * BIN);
        assertThat(divide(T + BIN, T + 4 * BIN)).isEqualTo(Map.of(7L, BIN, 11L, 2 * BIN));
    }

    @Test
    void while_nothing_is_in_flight_nobody_holds_it() {
        inFlight.add(7, true, T, T + BIN / 4);
        assertThat(divide(T, T + 2 * BIN)).isEqualTo(Map.of(7L, BIN / 4, InFlight.NOBODY, 2 * BIN - BIN / 4));
    }

    @Test
    void a_wait_shorter_than_a_bin_belongs_to_who_was_in_flight_as_long_as_it() {
        inFlight.add(7, true, T + 1_009, T + 101_009);
        assertThat(divide(T + 1_009, T + 101_009)).isEqualTo(Map.of(7L, 100_000L));
    }

    @Test
    void without_requests_nobody_holds_it() {
        assertThat(divide(T, T + 1_009)).isEqualTo(Map.of(InFlight.NOBODY, 1_009L));
        inFlight.add(7, true, T, T + BIN);
        assertThat(divide(T + 5 * BIN, T + 6 * BIN)).isEqualTo(Map.of(InFlight.NOBODY, BIN));
    }

    @Test
    void only_writes_count_where_that_is_asked_for() {
        inFlight.add(7, false, T, T + BIN);
        inFlight.add(11, true, T, T + BIN);
        assertThat(divide(T, T + BIN, BIN, true)).isEqualTo(Map.of(11L, BIN));
        assertThat(divide(T, T + BIN)).isEqualTo(Map.of(7L, BIN / 2, 11L, BIN / 2));
    }

    @Test
    void a_range_may_stand_for_another_time() {
        inFlight.add(7, true, T, T + 2 * BIN);
        inFlight.add(11, true, T + 2 * BIN, T + 3 * BIN);
        assertThat(divide(T, T + 3 * BIN, 3_000_003, true))
                .containsOnlyKeys(7L, 11L)
                .satisfies(held -> assertThat(held.get(7L)).isBetween(2_000_000L, 2_000_002L));
    }

    @Test
    void owners_beyond_those_told_apart_are_one() {
        for (int owner = 1; owner <= InFlight.MOST_OWNERS + 3; owner++) {
            inFlight.add(owner, true, T, T + BIN);
        }
        assertThat(divide(T, T + BIN))
                .hasSizeGreaterThan(InFlight.MOST_OWNERS)
                .satisfies(held -> assertThat(held.get(InFlight.OTHERS))
                        .isBetween(3 * BIN / (InFlight.MOST_OWNERS + 3), 3 * BIN / (InFlight.MOST_OWNERS + 3) + 40))
                .doesNotContainKey(InFlight.MOST_OWNERS + 1L);
    }

    @Test
    void what_is_too_old_is_forgotten() {
        inFlight.add(7, true, T, T + InFlight.SPANS * SECOND);
        assertThat(divide(T, T + SECOND)).isEqualTo(Map.of(7L, SECOND));
        inFlight.add(11, true, T + InFlight.SPANS * SECOND, T + InFlight.SPANS * SECOND + 1);
        assertThat(divide(T, T + SECOND)).isEqualTo(Map.of(InFlight.NOBODY, SECOND));
        inFlight.add(13, true, T, T + SECOND); // too old itself
        assertThat(divide(T + 2 * SECOND, T + 3 * SECOND)).isEqualTo(Map.of(7L, SECOND));
    }

    @Test
    void several_threads_that_wait_at_once_share_what_is_in_flight() {
        inFlight.add(7, true, T, T + BIN);
        assertThat(divide(T, T + BIN, 5 * BIN, false)).isEqualTo(Map.of(7L, 5 * BIN));
    }

    @Test
    void more_than_fits_a_bin_is_told() {
        WaitBins waits = new WaitBins();
        assertThat(waits.add(T, T + 1, Integer.MAX_VALUE)).isZero();
        assertThat(waits.add(T, T + 1, 7)).isEqualTo(7);
        assertThat(waits.add(T + InFlight.SPANS * SECOND, T + InFlight.SPANS * SECOND + 1, 11))
                .isEqualTo(11);
    }

    @Property(tries = 200)
    void nothing_of_a_wait_gets_lost(
            @ForAll("requests") List<List<Long>> requests,
            @ForAll @LongRange(min = -3_000_000_000L, max = 9_000_000_000L) long from,
            @ForAll @LongRange(min = 1, max = 7_000_000_000L) long length,
            @ForAll @LongRange(min = 0, max = 20_000_000_000L) long ns) {
        InFlight any = new InFlight();
        for (List<Long> request : requests) {
            any.add(request.get(0) % 41, request.get(0) % 2 == 0, T + request.get(0), T + request.get(1));
        }
        WaitBins waits = new WaitBins();
        long[] sum = {waits.add(T + from, T + from + length, ns)};
        waits.take(
                _ -> true,
                (number, each) -> any.divide(number, each, length % 2 == 0, (owner, share) -> {
                    assertThat(share).isPositive();
                    sum[0] += share;
                }));
        assertThat(sum[0]).isEqualTo(ns);
        waits.take(_ -> true, (number, each) -> sum[0]++);
        assertThat(sum[0]).as("is taken once").isEqualTo(ns);
    }

    @Provide
    Arbitrary<List<List<Long>>> requests() {
        return Arbitraries.longs()
                .between(0, 12_000_000_000L)
                .list()
                .ofSize(2)
                .list()
                .ofMaxSize(60);
    }
}
