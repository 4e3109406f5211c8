package dev.writescope.detect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class HistoryTest {
    private static void add(History history, long second, List<Long> latencies) {
        TickCounts tick = new TickCounts();
        latencies.forEach(latency -> tick.values(latency, 1 + latency % 300));
        history.add(second, tick);
    }

    private static List<String> ticks(History history, long from, long to) {
        List<String> ticks = new ArrayList<>();
        history.forEach(from, to, (second, _, size, buckets, counts) -> {
            StringBuilder text = new StringBuilder(second + ":");
            for (int i = 0; i < size; i++) {
                text.append(' ').append(buckets[i]).append('x').append(counts[i]);
            }
            ticks.add(text.toString());
        });
        return ticks;
    }

    @Provide
    Arbitrary<List<List<Long>>> latencies() {
        return Arbitraries.longs()
                .between(0, 3_600_000_000_000L)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40)
                .list()
                .ofMaxSize(200);
    }

    @Property(tries = 200)
    void what_is_read_is_what_was_added(@ForAll("latencies") List<List<Long>> run) {
        History history = new History();
        List<String> expected = new ArrayList<>();
        long samples = 0;
        for (int i = 0; i < run.size(); i++) {
            long second = 3L * i;
            add(history, second, run.get(i));
            TreeMap<Integer, Long> counts = new TreeMap<>();
            run.get(i).forEach(latency -> counts.merge(TickCounts.BUCKETS.of(latency), 1 + latency % 300, Long::sum));
            StringBuilder text = new StringBuilder(second + ":");
            counts.forEach((bucket, count) ->
                    text.append(' ').append(bucket).append('x').append(count));
            expected.add(text.toString());
            samples += counts.values().stream().mapToLong(Long::longValue).sum();
        }
        assertThat(ticks(history, 0, Long.MAX_VALUE)).isEqualTo(expected);
        assertThat(history.samples()).isEqualTo(samples);
        history.forgetBefore(Long.MAX_VALUE, 0);
        assertThat(history.bytes()).isZero();
        assertThat(history.samples()).isZero();
    }

    @Property(tries = 50)
    void a_stretch_has_its_ticks_and_no_others(@ForAll("latencies") List<List<Long>> run) {
        History history = new History();
        for (int i = 0; i < run.size(); i++) {
            add(history, i, run.get(i));
        }
        long from = run.size() / 3;
        long to = 2L * run.size() / 3;
        assertThat(ticks(history, from, to))
                .hasSize((int) (to - from))
                .allSatisfy(tick -> assertThat(Long.parseLong(tick.substring(0, tick.indexOf(':'))))
                        .isBetween(from, to - 1));
    }
}
