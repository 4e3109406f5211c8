package dev.writescope.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.latency.Interval;
import dev.writescope.latency.Judge;
import dev.writescope.latency.Regression;
import dev.writescope.latency.Regression.State;
import dev.writescope.latency.RunStart;
import dev.writescope.latency.SeriesInterval;
import dev.writescope.latency.SeriesKey;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Stage;
import dev.writescope.recording.RecordingReader;
import dev.writescope.recording.RecordingWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is judged as one, for how long, and in which memory. */
class DetectorSeriesTest {
    private static final int QUIET = 1_200;
    private static final DetectorSettings PER_MOUNT = new DetectorSettings(1, Duration.ofMinutes(2), true);

    private final Stream stream = new Stream(103);

    private void run(int seconds, IntFunction<List<SeriesInterval>> series) {
        for (int second = 0; second < seconds; second++) {
            stream.next(series.apply(second));
        }
    }

    private SeriesInterval of(SeriesKey key, int calls, double slower) {
        stream.slower = _ -> slower;
        return Stream.series(key, stream.latencies(calls));
    }

    private static SeriesKey inCgroup(long cgroup) {
        SeriesKey key = Stream.key("db", Kind.FSYNC);
        return new SeriesKey(key.container(), cgroup, key.kind(), key.stage(), key.place());
    }

    @Test
    void cgroups_kinds_and_mounts_of_a_containers_operation_are_judged_together() {
        SeriesKey first = inCgroup(101);
        SeriesKey second = Stream.key(first.container(), Kind.FDATASYNC, Stage.TOTAL, "/log");
        run(QUIET, _ -> List.of(of(first, 251, 1), of(inCgroup(103), 3, 1), of(second, 251, 1)));
        run(61, _ -> List.of(of(first, 251, 3), of(inCgroup(103), 3, 3), of(second, 251, 3)));
        assertThat(stream.said).singleElement().satisfies(alarm -> {
            assertThat(alarm.kind()).isNull();
            assertThat(alarm.mount()).isNull();
            assertThat(alarm.container()).isEqualTo(first.container());
        });
        assertThat(stream.detector.seriesCount()).isEqualTo(1);
    }

    @Test
    void bytes_of_requests_that_have_not_ended_are_nothing_to_judge() {
        run(7, _ -> List.of(of(Stream.key("db", Kind.BLOCK_WRITE), 0, 1)));
        assertThat(stream.detector.seriesCount()).isZero();
    }

    @Test
    void block_requests_are_judged_by_kind_so_that_another_mix_is_no_change() {
        SeriesKey reads = Stream.key("db", Kind.BLOCK_READ);
        SeriesKey flushes = Stream.key("db", Kind.BLOCK_FLUSH);
        run(QUIET, _ -> List.of(of(reads, 499, 1), of(flushes, 53, 20)));
        run(301, _ -> List.of(of(reads, 53, 1), of(flushes, 499, 20)));
        assertThat(stream.said).isEmpty();
        run(61, _ -> List.of(of(reads, 53, 1), of(flushes, 499, 60)));
        assertThat(stream.said).singleElement().extracting(Regression::kind).isEqualTo(Kind.BLOCK_FLUSH);
    }

    @Test
    void fsync_and_write_are_judged_apart() {
        SeriesKey fsyncs = Stream.key("db", Kind.FSYNC);
        SeriesKey writes = Stream.key("db", Kind.BUFFERED);
        run(QUIET, _ -> List.of(of(fsyncs, 53, 20), of(writes, 499, 1)));
        run(301, _ -> List.of(of(fsyncs, 499, 20), of(writes, 53, 1)));
        assertThat(stream.said).isEmpty();
    }

    @Test
    void each_mount_is_judged_by_itself_if_asked_for() {
        Stream apart = new Stream(PER_MOUNT, 107);
        SeriesKey data = Stream.key(Stream.container("db"), Kind.FSYNC, Stage.TOTAL, "/data");
        SeriesKey log = Stream.key(Stream.container("db"), Kind.FSYNC, Stage.TOTAL, "/log");
        for (int second = 0; second < QUIET + 61; second++) {
            double slower = second < QUIET ? 1 : 3;
            List<SeriesInterval> both = new ArrayList<>();
            apart.slower = _ -> 1;
            both.add(Stream.series(data, apart.latencies(251)));
            apart.slower = _ -> slower;
            both.add(Stream.series(log, apart.latencies(251)));
            apart.next(both);
        }
        assertThat(apart.said).singleElement().extracting(Regression::mount).isEqualTo("/log");
    }

    @Test
    void stages_of_a_request_and_requests_without_an_owner_are_not_judged() {
        SeriesKey queue = Stream.key(Stream.container("db"), Kind.BLOCK_WRITE, Stage.QUEUE, "");
        SeriesKey nobody = Stream.key(Container.UNATTRIBUTED, Kind.BLOCK_WRITE, Stage.TOTAL, "");
        run(QUIET, _ -> List.of(of(queue, 499, 1), of(nobody, 499, 1)));
        run(61, _ -> List.of(of(queue, 499, 10), of(nobody, 499, 10)));
        assertThat(stream.said).isEmpty();
        assertThat(stream.detector.seriesCount()).isZero();
    }

    @Test
    void each_service_of_the_host_is_an_owner_as_in_the_views() {
        SeriesKey cron = Stream.key(Container.host("cron.service"), Kind.FSYNC, Stage.TOTAL, "/");
        SeriesKey journal = Stream.key(Container.host("systemd-journald.service"), Kind.FSYNC, Stage.TOTAL, "/");
        run(QUIET, _ -> List.of(of(cron, 251, 1), of(journal, 251, 1)));
        run(61, _ -> List.of(of(cron, 251, 3), of(journal, 251, 1)));
        assertThat(stream.said)
                .singleElement()
                .extracting(Regression::container)
                .isEqualTo(cron.container());
    }

    @Test
    void every_series_that_gets_worse_is_flagged() {
        List<SeriesKey> keys =
                List.of(Stream.key("a", Kind.FSYNC), Stream.key("b", Kind.FSYNC), Stream.key("c", Kind.BUFFERED));
        run(QUIET, _ -> keys.stream().map(key -> of(key, 97, 1)).toList());
        run(61, _ -> keys.stream().map(key -> of(key, 97, 3)).toList());
        assertThat(stream.said).extracting(said -> said.container().name()).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void containers_that_come_and_go_in_a_crowd_leave_room_after_a_minute() {
        var once = stream.latencies(1);
        run(
                1,
                _ -> IntStream.range(0, Detector.MOST_SERIES)
                        .mapToObj(i -> Stream.series(Stream.key("job-" + i, Kind.FSYNC), once))
                        .toList());
        run(59, _ -> List.of(of(stream.key, 1, 1)));
        assertThat(stream.detector.seriesCount()).isEqualTo(Detector.MOST_SERIES);
        run(7, _ -> List.of(of(stream.key, 1, 1)));
        assertThat(stream.detector.seriesCount()).isEqualTo(1);
    }

    @Test
    void a_series_is_forgotten_after_an_hour_of_silence() {
        SeriesKey gone = Stream.key("gone", Kind.FSYNC);
        run(61, _ -> List.of(of(gone, 5, 1), of(stream.key, 5, 1)));
        run(3_500, _ -> List.of(of(stream.key, 1, 1)));
        assertThat(stream.detector.seriesCount()).isEqualTo(2);
        run(200, _ -> List.of(of(stream.key, 1, 1)));
        assertThat(stream.detector.seriesCount()).isEqualTo(1);
    }

    @Test
    void the_past_of_all_series_fits_into_the_memory_for_it() {
        long most = 1 << 20;
        Stream tight = new Stream(new Detector(DetectorSettings.DEFAULT, most), 109);
        List<SeriesInterval> samples = new ArrayList<>();
        for (int i = 0; i < 31; i++) {
            samples.add(Stream.series(tight.key, tight.latencies(499)));
        }
        for (int second = 0; second < 2_003; second++) {
            List<SeriesInterval> all = new ArrayList<>();
            for (int i = 0; i < 23; i++) {
                all.add(Stream.series(
                        Stream.key("c" + i, Kind.FSYNC),
                        samples.get((second + 7 * i) % samples.size()).histogram()));
            }
            tight.next(all);
        }
        // What comes between two times of tidying is on top.
        assertThat(tight.detector.historyBytes()).isBetween(most / 2, most * 3 / 2);
        assertThat(tight.detector.state()).isEqualTo(Judge.State.WATCHING);
        assertThat(tight.said).isEmpty();
    }

    @Test
    void a_replay_finds_what_was_found_live(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("run.hlog");
        List<Regression> live = new ArrayList<>();
        Instant now = Stream.START;
        try (RecordingWriter writer = RecordingWriter.open(file)) {
            writer.start(new RunStart(
                    now, "0.1.0", "node-7", "6.12.0", "", "v2", Duration.ofSeconds(1), 2, List.of(), List.of()));
            for (int second = 0; second < 1_009; second++) {
                double slower = second >= 601 && second < 701 ? 4 : 1;
                // Never quite a second, as in reality.
                Duration length = Duration.ofNanos(1_000_000_007L + 1_000_003L * (second % 13));
                Losses lost = second % 101 == 0 ? new Losses(1, 0, 0) : Losses.NONE;
                List<SeriesInterval> both =
                        List.of(of(stream.key, 97, slower), of(Stream.key("b", Kind.BLOCK_WRITE), 53, slower));
                Interval interval = new Interval(now, length, both, List.of(), lost).judgedBy(stream.detector);
                live.addAll(interval.regressions());
                writer.interval(interval);
                now = now.plus(length);
            }
        }
        List<Regression> replayed = new ArrayList<>();
        Detector detector = new Detector(DetectorSettings.DEFAULT);
        try (RecordingReader reader = RecordingReader.open(file)) {
            for (Interval interval = reader.next(); interval != null; interval = reader.next()) {
                replayed.addAll(detector.judge(interval));
            }
        }
        assertThat(live)
                .extracting(Regression::state)
                .containsExactlyInAnyOrder(State.ALARM, State.ALARM, State.RECOVERED, State.RECOVERED);
        assertThat(replayed).isEqualTo(live);
    }
}
