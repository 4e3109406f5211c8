package dev.writescope.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HistoryTest {
    @Property(tries = 200)
    void is_in_the_order_of_ends_whatever_the_order_it_was_told_in(
            @ForAll @Size(max = 300) List<@LongRange(min = 0, max = 97) Long> ends,
            @ForAll @LongRange(min = 0, max = 97) long by,
            @ForAll @LongRange(min = 0, max = 300) long between) {
        History<Long> history = new History<>(1009, Long::longValue);
        for (int at = 0; at < ends.size(); at++) {
            history.add(ends.get(at));
            if (at == between) {
                history.endedBy(by);
            }
        }
        List<Long> expected = ends.stream().filter(end -> end <= by).sorted().toList();
        assertThat(IntStream.range(0, history.endedBy(by)).mapToObj(history::get))
                .isEqualTo(expected);
        assertThat(history.isCut()).isFalse();
    }

    @Test
    void the_oldest_quarter_goes_when_it_is_full() {
        History<Long> history = new History<>(128, Long::longValue);
        List<Long> told = new ArrayList<>();
        for (long end = 1; end <= 128; end++) {
            told.add(129 - end);
        }
        told.forEach(history::add);
        assertThat(history.isCut()).isFalse();
        history.add(1009L);
        assertThat(history.isCut()).isTrue();
        assertThat(history.endedBy(Long.MAX_VALUE)).isEqualTo(97);
        assertThat(history.get(0)).isEqualTo(33);
        assertThat(history.get(96)).isEqualTo(1009);
    }
}
