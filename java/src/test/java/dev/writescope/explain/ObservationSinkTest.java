package dev.writescope.explain;

import static dev.writescope.explain.Situation.DATA;
import static dev.writescope.explain.Situation.DB;
import static dev.writescope.explain.Situation.DISK;
import static dev.writescope.explain.Situation.ETL;
import static dev.writescope.explain.Situation.MS;
import static dev.writescope.explain.Situation.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.container.Container;
import dev.writescope.evidence.Evidence;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Share;
import dev.writescope.latency.SlowEvent;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ObservationSinkTest {
    private static final Observation RUN = Situation.calm()
            .syncs(97, MS, Map.of())
            .operations(ETL, Kind.FSYNC, DATA, 97, 3 * MS, Map.of())
            .observed();

    private final List<Container> asked = new ArrayList<>();
    private int samples;

    private ObservationSink sink() {
        return new ObservationSink(
                new EvidenceSource() {
                    @Override
                    public void sample() {
                        samples++;
                    }

                    @Override
                    public Evidence finish(Collection<Container> mattering) {
                        asked.addAll(mattering);
                        return RUN.evidence();
                    }
                },
                key -> true);
    }

    private static Interval interval(List<SlowEvent> slow, List<Share> shares, List<Activity> activity) {
        return new Interval(NOON, Duration.ofSeconds(1), List.of(), slow, Losses.NONE, List.of(), shares, activity);
    }

    private static Activity activity(int pid, long count, long bytes) {
        return new Activity(DB, pid, "dd", "/data/x", Kind.BUFFERED, DATA, count, bytes, count * 7);
    }

    private static Share share(Container culprit, long ns) {
        return new Share(DB, Operation.FSYNC, Share.Resource.DEVICE, DISK, culprit, ns);
    }

    private static Observation end(ObservationSink sink) throws IOException {
        sink.end(RUN.end());
        return Objects.requireNonNull(sink.observation());
    }

    @Test
    void what_is_alike_is_summed_over_intervals() throws IOException {
        ObservationSink sink = sink();
        sink.start(RUN.start());
        sink.interval(interval(List.of(), List.of(share(ETL, 3), share(DB, 5)), List.of(activity(7, 2, 11))));
        sink.interval(interval(List.of(), List.of(share(ETL, 13)), List.of(activity(7, 3, 17), activity(19, 1, 1))));
        Observation observed = end(sink);
        assertThat(observed.shares()).containsExactly(share(ETL, 16), share(DB, 5));
        assertThat(observed.activity()).containsExactly(activity(7, 5, 28), activity(19, 1, 1));
        assertThat(samples).isEqualTo(2);
    }

    @Test
    void evidence_is_asked_for_those_who_wait_longest_first() throws IOException {
        ObservationSink sink = sink();
        sink.start(RUN.start());
        end(sink);
        assertThat(asked).containsExactly(ETL, DB);
    }

    @Test
    void the_slowest_and_the_busiest_are_kept_and_memory_is_bounded() throws IOException {
        ObservationSink sink = sink();
        sink.start(RUN.start());
        for (int pid = 1; pid <= 3 * ObservationSink.MOST_ACTIVITIES; pid++) {
            SlowEvent event = new SlowEvent(NOON, DB, Kind.FSYNC, pid, pid, pid, "dd", "", -1, -1, DISK, Map.of());
            sink.interval(interval(List.of(event), List.of(), List.of(activity(pid, 1, pid))));
        }
        Observation observed = end(sink);
        assertThat(observed.slow()).hasSize(ObservationSink.MOST_SLOW);
        assertThat(observed.slow().getFirst().pid()).isEqualTo(3 * ObservationSink.MOST_ACTIVITIES);
        assertThat(observed.activity()).hasSizeLessThanOrEqualTo(2 * ObservationSink.MOST_ACTIVITIES);
        assertThat(observed.activity())
                .contains(activity(3 * ObservationSink.MOST_ACTIVITIES, 1, 3L * ObservationSink.MOST_ACTIVITIES));
        assertThat(observed.activity()).doesNotContain(activity(1, 1, 1));
    }

    @Test
    void a_run_that_never_started_cannot_end() {
        assertThatThrownBy(() -> end(sink())).isInstanceOf(IllegalStateException.class);
    }
}
