package dev.writescope.latency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Mount;
import dev.writescope.probe.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RehearsalTest {
    /** What one call of the events' source sends: syncs and block requests by turns, and as many writes. */
    private static final long SYNCS = 256;

    private static final long REQUESTS = 256;
    private static final long WRITES = 512;

    private static final class Collected implements IntervalSink {
        final List<Interval> intervals = new ArrayList<>();
        final List<RunEnd> ends = new ArrayList<>();

        @Override
        public void start(RunStart start) {}

        @Override
        public void interval(Interval interval) {
            intervals.add(interval);
        }

        @Override
        public void end(RunEnd end) {
            ends.add(end);
        }

        @Override
        public void close() {}
    }

    private static final RunStart START =
            new RunStart(Instant.EPOCH, "7", "node", "6", "", "v2", Duration.ofSeconds(3), 2, List.of(), List.of());

    private static final Names NOBODY = new Names() {
        @Override
        public Container container(IdSpace space, long cgroup) {
            return Container.UNATTRIBUTED;
        }

        @Override
        public @Nullable Mount mount(IdSpace space, long cgroup, int mount) {
            return null;
        }
    };

    @Test
    void everyInventedOperationArrivesOnceInEachOfTwoIntervalsAndInTheTotals() {
        Collected sink = new Collected();

        List<TraceRun.SinkFailure> failures =
                Rehearsal.run(START, NOBODY, List.of(sink), Judge.NONE, dev.writescope.probe.Rehearsal::send);

        assertThat(failures).isEmpty();
        assertThat(sink.intervals).hasSize(2).allSatisfy(interval -> {
            assertThat(count(interval, Operation.FSYNC)).isEqualTo(SYNCS);
            assertThat(count(interval, Operation.WRITE)).isEqualTo(WRITES);
            assertThat(interval.slow())
                    .hasSize(3)
                    .anySatisfy(event -> assertThat(event.file()).isEqualTo("/journal"));
        });
        assertThat(sink.ends)
                .singleElement()
                .satisfies(end -> assertThat(end.events()).isEqualTo(2 * (SYNCS + REQUESTS + WRITES)));
    }

    @Test
    void aJudgeThatFailsIsReportedOnceAndTheRunGoesOnUnjudged() {
        Collected sink = new Collected();
        AtomicInteger asked = new AtomicInteger();
        FailsafeJudge judge = FailsafeJudge.of(interval -> {
            asked.incrementAndGet();
            throw new IllegalStateException("no such level");
        });
        assertThat(judge.state()).isEqualTo(Judge.State.WATCHING);

        List<TraceRun.SinkFailure> failures =
                Rehearsal.run(START, NOBODY, List.of(sink), judge, dev.writescope.probe.Rehearsal::send);

        assertThat(failures).singleElement().satisfies(failure -> {
            assertThat(failure.sink()).isNull();
            assertThat(failure.cause())
                    .hasMessageContaining("the regression detector failed")
                    .hasMessageContaining("no such level");
        });
        assertThat(asked).hasValue(1);
        assertThat(judge.state()).isEqualTo(Judge.State.FAILED);
        assertThat(sink.intervals)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.regressions()).isEmpty());
        assertThat(sink.ends).hasSize(1);
    }

    @Test
    void aJudgeIsMadeWhenTheFirstIntervalComes() {
        AtomicInteger made = new AtomicInteger();
        FailsafeJudge judge = new FailsafeJudge(() -> {
            made.incrementAndGet();
            return Judge.NONE;
        });
        assertThat(made).hasValue(0);
        assertThat(judge.state()).isEqualTo(Judge.State.LEARNING);

        Rehearsal.run(START, NOBODY, List.of(), judge, dev.writescope.probe.Rehearsal::send);

        assertThat(made).hasValue(1);
        assertThat(judge.state()).isEqualTo(Judge.State.OFF);
    }

    private static long count(Interval interval, Operation operation) {
        return interval.series().stream()
                .filter(series -> series.key().kind().operation() == operation)
                .mapToLong(SeriesInterval::count)
                .sum();
    }
}
