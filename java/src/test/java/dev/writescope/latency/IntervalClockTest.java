package dev.writescope.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IntervalClockTest {
    private static final Instant NOON = Instant.parse("2031-07-11T12:00:00Z");

    private Instant wall = NOON;
    private long monotonicNs = 7_919;
    private final IntervalClock clock = new IntervalClock(() -> wall, () -> monotonicNs);

    private IntervalClock.Span nextAfter(Duration time) {
        monotonicNs += time.toNanos();
        wall = wall.plus(time);
        return clock.next();
    }

    @Test
    void an_interval_starts_where_the_last_has_ended() {
        assertThat(nextAfter(Duration.ofMillis(1009))).isEqualTo(span(NOON, 1009));
        assertThat(nextAfter(Duration.ofMillis(1013))).isEqualTo(span(NOON.plusMillis(1009), 1013));
        assertThat(clock.run()).isEqualTo(span(NOON, 1009 + 1013));
    }

    @Test
    void one_that_nobody_ended_for_long_says_how_long_it_was() {
        nextAfter(Duration.ofMillis(1009));
        assertThat(nextAfter(Duration.ofSeconds(307))).isEqualTo(span(NOON.plusMillis(1009), 307_000));
    }

    @Test
    void a_step_of_the_wall_clock_changes_no_length_and_is_followed_from_the_next_interval_on() {
        for (Duration step : new Duration[] {Duration.ofHours(-13), Duration.ofDays(101)}) {
            Instant before = nextAfter(Duration.ofMillis(1009)).start();
            wall = wall.plus(step);
            assertThat(nextAfter(Duration.ofMillis(1013))).isEqualTo(span(before.plusMillis(1009), 1013));
            IntervalClock.Span after = nextAfter(Duration.ofMillis(1019));
            assertThat(after).isEqualTo(span(before.plusMillis(1009 + 1013).plus(step), 1019));
        }
        assertThat(clock.run().duration()).hasMillis(2 * (1009 + 1013 + 1019));
    }

    @Test
    void a_host_that_slept_goes_on_at_the_time_of_day() {
        nextAfter(Duration.ofMillis(1009));
        wall = wall.plus(Duration.ofHours(7)); // the monotonic clock sleeps too
        nextAfter(Duration.ofMillis(1013));
        assertThat(nextAfter(Duration.ofMillis(1019)))
                .isEqualTo(span(NOON.plus(Duration.ofHours(7)).plusMillis(1009 + 1013), 1019));
    }

    @Test
    void readings_that_are_merely_apart_leave_no_gap() {
        wall = wall.plusMillis(997);
        assertThat(nextAfter(Duration.ofMillis(1009))).isEqualTo(span(NOON, 1009));
        wall = wall.minusMillis(1990);
        assertThat(nextAfter(Duration.ofMillis(1013)).start()).isEqualTo(NOON.plusMillis(1009));
        assertThat(nextAfter(Duration.ofMillis(1019)).start()).isEqualTo(NOON.plusMillis(1009 + 1013));
    }

    private static IntervalClock.Span span(Instant start, long millis) {
        return new IntervalClock.Span(start, Duration.ofMillis(millis));
    }
}
