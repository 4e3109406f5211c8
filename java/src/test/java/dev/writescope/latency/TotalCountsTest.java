package dev.writescope.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TotalCountsTest {
    private static final Buckets BUCKETS = new Buckets(2);

    private static Map<Long, Long> of(TotalCounts counts) {
        Map<Long, Long> all = new TreeMap<>();
        counts.forEach((value, count) -> all.merge(value, count, Long::sum));
        return all;
    }

    private static void add(long value, long count, TotalCounts counts, Map<Long, Long> expected) {
        counts.add(value, count);
        expected.merge(BUCKETS.lowest(BUCKETS.of(value)), count, Long::sum);
    }

    @Property(tries = 300)
    void everyCountIsInItsBucketHoweverTheyAreKept(
            @ForAll @Size(max = 700) List<@LongRange(min = 0, max = 3_000) Long> close,
            @ForAll @Size(max = 7) List<@LongRange(min = 0, max = 60_000_000_000L) Long> anywhere) {
        TotalCounts counts = new TotalCounts(2);
        Map<Long, Long> expected = new TreeMap<>();
        close.forEach(value -> add(1_000 + value, 1, counts, expected));
        anywhere.forEach(value -> add(value, 3, counts, expected));
        close.forEach(value -> add(1_500 + value, 2, counts, expected));
        assertThat(of(counts)).isEqualTo(expected);
    }

    @Test
    void more_than_31_bits_of_a_value_are_counted_in_a_list_in_an_array_and_in_a_list_again() {
        TotalCounts counts = new TotalCounts(2);
        Map<Long, Long> expected = new TreeMap<>();
        add(1_009, 5_000_000_029L, counts, expected);
        for (long value = 1_000; value < 2_000; value++) {
            add(value, 1, counts, expected);
        }
        add(1_009, 5_000_000_029L, counts, expected);
        add(1_013, 1L << 31, counts, expected);
        add(59_000_000_000L, 1, counts, expected);
        assertThat(of(counts)).isEqualTo(expected);
    }
}
