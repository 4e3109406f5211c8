package dev.writescope.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class TickCountsTest {
    @Property(tries = 200)
    void counts_are_those_of_each_bucket_also_after_they_were_cleared(
            @ForAll @Size(max = 50) List<@LongRange(min = 0) Long> before,
            @ForAll @Size(min = 1, max = 50) List<@LongRange(min = 0) Long> values) {
        TickCounts tick = new TickCounts();
        before.forEach(value -> tick.values(value, 3));
        tick.clear();
        assertThat(tick.total()).isZero();
        assertThat(tick.size()).isZero();
        TreeMap<Integer, Integer> expected = new TreeMap<>();
        for (long value : values) {
            tick.values(value, 3);
            expected.merge(TickCounts.BUCKETS.of(value), 3, Integer::sum);
        }
        TreeMap<Integer, Integer> got = new TreeMap<>();
        for (int i = 0; i < tick.size(); i++) {
            got.put(tick.bucket(i), tick.count(i));
        }
        assertThat(got).isEqualTo(expected);
        assertThat(tick.size()).isEqualTo(expected.size());
        assertThat(tick.total()).isEqualTo(3 * values.size());
        int from = TickCounts.BUCKETS.of(values.getFirst());
        assertThat(tick.from(from))
                .isEqualTo(expected.tailMap(from, true).values().stream()
                        .mapToInt(Integer::intValue)
                        .sum());
    }
}
