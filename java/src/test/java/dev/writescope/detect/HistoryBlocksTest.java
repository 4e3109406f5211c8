package dev.writescope.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HistoryBlocksTest {
    private final History history = new History();

    private record Entry(long second, int seconds, Map<Integer, Integer> counts) {}

    private List<Entry> entries(long from, long to) {
        List<Entry> all = new ArrayList<>();
        history.forEach(from, to, (second, seconds, size, buckets, counts) -> {
            Map<Integer, Integer> entry = new TreeMap<>();
            for (int i = 0; i < size; i++) {
                entry.put(buckets[i], counts[i]);
            }
            all.add(new Entry(second, seconds, entry));
        });
        return all;
    }

    /** So many seconds of a series that uses so many buckets. */
    private Map<Integer, Integer> fill(int seconds, int values) {
        SplittableRandom random = new SplittableRandom(11);
        Map<Integer, Integer> sums = new TreeMap<>();
        for (int second = 0; second < seconds; second++) {
            TickCounts tick = new TickCounts();
            for (int i = 0; i < values; i++) {
                tick.values((long) (1e6 * Math.exp(random.nextGaussian())), 1);
            }
            history.add(second, tick);
            for (int i = 0; i < tick.size(); i++) {
                sums.merge(tick.bucket(i), tick.count(i), Integer::sum);
            }
        }
        return sums;
    }

    private Map<Integer, Integer> sums() {
        Map<Integer, Integer> sums = new TreeMap<>();
        entries(Long.MIN_VALUE, Long.MAX_VALUE)
                .forEach(entry -> entry.counts.forEach((bucket, count) -> sums.merge(bucket, count, Integer::sum)));
        return sums;
    }

    @Test
    void old_ticks_are_added_up_in_blocks_and_nothing_gets_lost() {
        Map<Integer, Integer> sums = fill(4_001, 23);
        assertThat(sums()).isEqualTo(sums);
        List<Entry> all = entries(0, 4_001);
        assertThat(all.getFirst().seconds).isEqualTo(History.BLOCK_SECONDS);
        assertThat(all.getLast().seconds).isEqualTo(1);
        assertThat(all).extracting(Entry::second).isSorted().doesNotHaveDuplicates();
        assertThat(all).hasSizeLessThan(4_001 / 3);
    }

    @Test
    void what_is_old_is_forgotten_unless_too_little_would_be_left() {
        fill(7_001, 5);
        history.forgetBefore(5_000, 7_001 * 5);
        assertThat(entries(0, 7_001).getFirst().second).isZero();
        history.forgetBefore(5_000, 101);
        assertThat(entries(0, 7_001).getFirst().second).isBetween(4_000L, 5_000L);
        history.forgetBefore(50_000, 0);
        assertThat(entries(0, 7_001)).isEmpty();
        assertThat(history.bytes()).isZero();
    }

    @Test
    void a_quiet_series_needs_little() {
        fill(4_000, 5);
        assertThat(history.bytes()).isLessThan(28_000);
    }

    @Test
    void under_pressure_it_makes_do_with_less_but_keeps_ten_minutes() {
        fill(7_001, 23);
        long before = history.bytes();
        history.shrinkTo(before / 2);
        assertThat(history.bytes()).isBetween(before / 4, before / 2);
        history.shrinkTo(0);
        assertThat(7_001 - history.start(7_001)).isBetween(600L, 1_200L);
        assertThat(entries(6_940, 7_001)).extracting(Entry::seconds).containsOnly(1);
    }
}
