package dev.writescope.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.container.Container;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Mount;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever fails while intervals are handed on is told at the end of the run, and by its exit code. */
class SinkRunnerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RunStart START =
            new RunStart(Instant.EPOCH, "7", "node", "6", "", "v2", SECOND, 2, List.of(), List.of());

    private final Names names = new Names() {
        @Override
        public Container container(IdSpace space, long cgroup) {
            return Container.UNATTRIBUTED;
        }

        @Override
        public @Nullable Mount mount(IdSpace space, long cgroup, int mount) {
            return null;
        }
    };
    private final IntervalRecorder recorder = new IntervalRecorder(2, SECOND, names);
    private final ActivityIntervals activity = new ActivityIntervals(new Naming(names));
    private final BlockingQueue<IntervalRecorder.Flip> pending = new ArrayBlockingQueue<>(4);
    private final CountDownLatch stopped = new CountDownLatch(1);

    private SinkRunner runner(Judge judge, IntervalSink... sinks) {
        return new SinkRunner(
                List.of(sinks), judge, recorder.pool(), pending, recorder::key, activity, stopped::countDown);
    }

    /** What happened in one interval. */
    private IntervalRecorder.Flip flip(int fsyncs) {
        for (int i = 0; i < fsyncs; i++) {
            recorder.operation(11, Kind.FSYNC.code(), 7, 61, 0xEF53, 1_009, 0, false);
        }
        return recorder.flip(Instant.EPOCH, SECOND, Losses.NONE);
    }

    private List<TraceRun.SinkFailure> end(SinkRunner runner) {
        return runner.end(flip(5), Instant.EPOCH, SECOND, recorder.events(), Losses.NONE);
    }

    @Test
    void a_sink_that_runs_out_of_memory_is_left_out_and_the_others_go_on() {
        var broken = new Sink(2);
        var sound = new Sink(Integer.MAX_VALUE);
        SinkRunner runner = runner(Judge.NONE, broken, sound);
        runner.begin(START);
        pending.add(flip(2));
        pending.add(flip(3));
        assertThat(end(runner)).singleElement().satisfies(failure -> {
            assertThat(failure.sink()).isSameAs(broken);
            assertThat(failure.cause()).hasMessageContaining("OutOfMemoryError: no room");
        });
        assertThat(broken.counts).containsExactly(2L);
        assertThat(broken.ends).isEmpty();
        assertThat(sound.counts).containsExactly(2L, 3L, 5L);
        assertThat(sound.ends)
                .singleElement()
                .satisfies(end -> assertThat(end.events()).isEqualTo(2 + 3 + 5));
    }

    @Test
    void the_run_is_stopped_when_its_last_sink_runs_out_of_memory() throws InterruptedException {
        SinkRunner runner = runner(Judge.NONE, new Sink(1));
        runner.begin(START);
        pending.add(flip(2));
        assertThat(stopped.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(end(runner)).hasSize(1);
    }

    @Test
    void a_judge_that_runs_out_of_stack_is_told_and_the_run_goes_on() {
        var sink = new Sink(Integer.MAX_VALUE);
        SinkRunner runner = runner(
                interval -> {
                    throw new StackOverflowError("too deep");
                },
                sink);
        runner.begin(START);
        pending.add(flip(2));
        assertThat(end(runner))
                .singleElement()
                .satisfies(failure -> assertThat(failure.cause()).hasMessageContaining("StackOverflowError: too deep"));
        assertThat(sink.counts).containsExactly(2L, 5L);
    }

    @Test
    void an_interval_that_cannot_be_processed_ends_the_run_loudly() throws InterruptedException {
        var sink = new Sink(Integer.MAX_VALUE);
        SinkRunner runner = runner(Judge.NONE, sink);
        runner.begin(START);
        var sources = new AbstractList<RecordedSeries>() {
            @Override
            public RecordedSeries get(int index) {
                throw new OutOfMemoryError("no room for totals");
            }

            @Override
            public int size() {
                return 1;
            }
        };
        pending.add(new IntervalRecorder.Flip(flip(2).interval(), sources, List.of(), List.of()));
        assertThat(stopped.await(60, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> end(runner))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("cut short")
                .hasMessageContaining("no room for totals");
        assertThat(sink.ends).isEmpty();
    }

    /** Counts what it is told, until it has no memory left. */
    private static final class Sink implements IntervalSink {
        final List<Long> counts = new ArrayList<>();
        final List<RunEnd> ends = new ArrayList<>();
        private final int failing;

        /** @param failing the number of the interval that is too much */
        Sink(int failing) {
            this.failing = failing;
        }

        @Override
        public void start(RunStart start) {}

        @Override
        public void interval(Interval interval) {
            if (counts.size() + 1 == failing) {
                throw new OutOfMemoryError("no room");
            }
            counts.add(
                    interval.series().stream().mapToLong(SeriesInterval::count).sum());
        }

        @Override
        public void end(RunEnd end) {
            ends.add(end);
        }

        @Override
        public void close() {}
    }
}
