package dev.writescope.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HistoryTest {
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

    private static Map<Integer, Integer> counts(TickCounts tick) {
        Map<Integer, Integer> counts = new TreeMap<>();
        tick.forEach(counts::put);
        return counts;
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
            tick.forEach((bucket, count) -> sums.merge(bucket, count, Integer::sum));
        }
        return sums;
    }

    private Map<Integer, Integer> sums() {
        Map<Integer, Integer> sums = new TreeMap<>();
        entries(Long.MIN_VALUE, Long.MAX_VALUE)
                .forEach(entry -> entry.counts.forEach((bucket, count) -> sums.merge(bucket, count, Integer::sum)));
        return sums;
    }

    @Property(tries = 200)
    void newTicksComeBackAsTheyWere(
            @ForAll @Size(min = 1, max = 31)
                    List<@Size(min = 1, max = 40) List<@LongRange(min = 0, max = 90_000_000_000L) Long>> ticks,
            @ForAll @IntRange(min = 1, max = 1_000_003) int times,
            @ForAll @IntRange(min = 1, max = 29) int apart) {
        History fresh = new History();
        List<Entry> expected = new ArrayList<>();
        for (int i = 0; i < ticks.size(); i++) {
            TickCounts tick = new TickCounts();
            ticks.get(i).forEach(value -> tick.values(value, times));
            fresh.add((long) i * apart, tick);
            expected.add(new Entry((long) i * apart, 1, counts(tick)));
        }
        List<Entry> got = new ArrayList<>();
        fresh.forEach(0, Long.MAX_VALUE, (second, seconds, size, buckets, counts) -> {
            Map<Integer, Integer> entry = new TreeMap<>();
            for (int i = 0; i < size; i++) {
                entry.put(buckets[i], counts[i]);
            }
            got.add(new Entry(second, seconds, entry));
        });
        assertThat(got).isEqualTo(expected);
    }

    @Test
    void oldTicksAreAddedUpInBlocksAndNothingGetsLost() {
        Map<Integer, Integer> sums = fill(4_001, 23);
        assertThat(sums()).isEqualTo(sums);
        List<Entry> all = entries(0, 4_001);
        assertThat(all.getFirst().seconds).isEqualTo(History.BLOCK_SECONDS);
        assertThat(all.getLast().seconds).isEqualTo(1);
        assertThat(all).extracting(Entry::second).isSorted().doesNotHaveDuplicates();
        assertThat(all).hasSizeLessThan(4_001 / 3);
    }

    @Test
    void onlyTheStretchThatIsAskedForIsGiven() {
        fill(211, 3);
        assertThat(entries(61, 83))
                .hasSize(22)
                .first()
                .extracting(Entry::second)
                .isEqualTo(61L);
    }

    @Test
    void whatIsOldIsForgottenUnlessTooLittleWouldBeLeft() {
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
    void aQuietSeriesNeedsLittle() {
        fill(4_000, 5);
        assertThat(history.bytes()).isLessThan(28_000);
    }

    @Test
    void underPressureItMakesDoWithLessButKeepsTenMinutes() {
        fill(7_001, 23);
        long before = history.bytes();
        history.shrinkTo(before / 2);
        assertThat(history.bytes()).isBetween(before / 4, before / 2);
        history.shrinkTo(0);
        assertThat(7_001 - history.start(7_001)).isBetween(600L, 1_200L);
        assertThat(entries(6_940, 7_001)).extracting(Entry::seconds).containsOnly(1);
    }
}
