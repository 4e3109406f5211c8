package dev.writescope.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.writescope.container.Container;
import dev.writescope.latency.Buckets;
import dev.writescope.latency.Place;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.Operation;
import dev.writescope.recording.RecordingException;
import dev.writescope.recording.RecordingWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedTest {
    private static final Subject FSYNC_OF_DB = new Subject("db", Operation.FSYNC, null, "/data");

    @Test
    void a_recording_longer_than_its_slots_keeps_every_operation() {
        Recorded recorded = Scene.before().fsyncs("db", 1e6).run(5_003, 3);
        assertThat(recorded.timeline().size()).isBetween(512, 1_024);
        assertThat(recorded.facts().duration()).isEqualTo(Duration.ofSeconds(5_003));
        Samples samples = recorded.samples(FSYNC_OF_DB);
        assertThat(samples.count()).isEqualTo(211L * 5_003);
        assertThat(total(samples, recorded.timeline())).isEqualTo(samples.count());
        assertThat(recorded.timeline().stretches().stream()
                        .map(Timeline.Stretch::duration)
                        .reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(Duration.ofSeconds(5_003));
    }

    @Test
    void what_does_not_fit_into_memory_is_kept_in_coarser_slots() {
        Scene scene = Scene.before().fsyncs("db", 1e6);
        SplittableRandom random = new SplittableRandom(3);
        Recorded.Builder builder = new Recorded.Builder("before.hlog", 20_011);
        builder.start(scene.startOfRun());
        for (int i = 0; i < 997; i++) {
            builder.interval(scene.interval(i, random));
        }
        Recorded recorded = builder.build();
        assertThat(recorded.timeline().size()).isBetween(32, 128);
        assertThat(recorded.samples(FSYNC_OF_DB).count()).isEqualTo(211L * 997);
        assertThat(total(recorded.samples(FSYNC_OF_DB), recorded.timeline())).isEqualTo(211L * 997);
    }

    @Test
    void a_pause_starts_a_segment_and_no_slot_spans_it() {
        Recorded recorded = Scene.before().fsyncs("db", 1e6).runs(7, 307, 311, 3);
        assertThat(recorded.segments()).isEqualTo(7);
        assertThat(recorded.timeline().size()).isLessThanOrEqualTo(1_024);
        assertThat(recorded.timeline().stretches()).allSatisfy(slot -> {
            long offset = Duration.between(Scene.SIX, slot.start()).toSeconds() % 311;
            assertThat(offset + slot.duration().toSeconds()).isLessThanOrEqualTo(307);
        });
    }

    @Test
    void a_recording_without_pauses_is_one_segment() {
        assertThat(Scene.before().fsyncs("db", 1e6).run(97, 3).segments()).isEqualTo(1);
    }

    @Test
    void a_pause_after_every_interval_does_not_make_slots_without_end() {
        Recorded recorded = Scene.before().fsyncs("db", 1e6).runs(3_001, 1, 3, 3);
        assertThat(recorded.segments()).isLessThan(300);
        assertThat(recorded.timeline().size()).isLessThanOrEqualTo(1_024);
    }

    @Test
    void what_nobody_can_name_again_is_not_gathered_but_counted() {
        Recorded recorded = Scene.before()
                .with(Container.UNATTRIBUTED, Kind.BLOCK_WRITE, new Place("", "259:1", "", null), 17, 1e6)
                .fsyncs("db", 1e6)
                .run(10, 3);
        assertThat(recorded.byMount().keySet()).containsExactly(FSYNC_OF_DB);
        assertThat(recorded.facts().events()).isEqualTo(10 * (17 + 211));
    }

    @Test
    void a_host_process_is_called_as_the_views_call_it() {
        Recorded recorded = Scene.before()
                .with(Container.host("cron.service"), Kind.FSYNC, Scene.volume("/", ""), 11, 1e6)
                .run(10, 3);
        assertThat(recorded.containers()).containsOnlyKeys("host/cron.service");
    }

    @Test
    void losses_are_those_of_the_intervals() {
        Scene scene = Scene.before().fsyncs("db", 1e6);
        scene.lost = new Losses(2, 3, 5);
        assertThat(scene.run(10, 3).facts().lost()).isEqualTo(new Losses(2, 3, 5));
    }

    @Test
    void reading_a_file_gives_what_the_run_gave(@TempDir Path folder) throws IOException {
        Scene scene = Scene.before().fsyncs("db", 1e6);
        Path file = folder.resolve("before.hlog");
        SplittableRandom random = new SplittableRandom(3);
        try (RecordingWriter writer = RecordingWriter.open(file)) {
            writer.start(scene.startOfRun());
            for (int i = 0; i < 41; i++) {
                writer.interval(scene.interval(i, random));
            }
        }
        Recorded read = Recorded.read(file);
        Recorded live = scene.run(41, 3);
        assertThat(read.facts().truncated()).isTrue();
        assertThat(read.facts().events()).isEqualTo(live.facts().events());
        for (int slot = 0; slot < 41; slot++) {
            assertThat(pairs(read.samples(FSYNC_OF_DB).in(slot)))
                    .isEqualTo(pairs(live.samples(FSYNC_OF_DB).in(slot)));
        }
    }

    @Test
    void a_file_that_is_no_recording_is_one_clear_line(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("x.hlog"), "GET / HTTP/1.1\n");
        assertThatThrownBy(() -> Recorded.read(file))
                .isInstanceOf(RecordingException.class)
                .hasMessageContaining("not a writescope recording")
                .message()
                .hasLineCount(1);
    }

    @Property(tries = 200)
    void counts_survive_their_packing(
            @ForAll @Size(max = 300) List<@LongRange(min = 0, max = 100_000_000_000L) Long> some,
            @ForAll @Size(max = 300) List<@LongRange(min = 0, max = 100_000_000_000L) Long> more,
            @ForAll @IntRange(min = 1, max = 3) int digits) {
        SparseCounts sum = counts(some, digits).plus(counts(more, digits));
        Histogram expected = new Histogram(digits);
        some.forEach(expected::recordValue);
        more.forEach(expected::recordValue);
        Histogram unpacked = new Histogram(digits);
        Buckets buckets = new Buckets(digits);
        sum.forEach((bucket, count) -> unpacked.recordValueWithCount(buckets.lowest(bucket), count));
        assertThat(unpacked.getTotalCount()).isEqualTo(expected.getTotalCount());
        for (double percentile : new double[] {0, 50, 99, 100}) {
            assertThat(unpacked.highestEquivalentValue(unpacked.getValueAtPercentile(percentile)))
                    .isEqualTo(expected.highestEquivalentValue(expected.getValueAtPercentile(percentile)));
        }
        assertThat(pairs(SparseCounts.sum(List.of(counts(some, digits), counts(more, digits)))))
                .isEqualTo(pairs(sum));
    }

    private static SparseCounts counts(List<Long> values, int digits) {
        Histogram histogram = new Histogram(digits);
        values.forEach(histogram::recordValue);
        long lowest = values.stream().mapToLong(Long::longValue).min().orElse(0);
        return SparseCounts.of(histogram, lowest, new Buckets(digits));
    }

    private static String pairs(SparseCounts counts) {
        StringBuilder text = new StringBuilder();
        counts.forEach(
                (bucket, count) -> text.append(bucket).append(':').append(count).append(' '));
        return text.toString();
    }

    private static long total(Samples samples, Timeline timeline) {
        long total = 0;
        for (int slot = 0; slot < timeline.size(); slot++) {
            total += samples.in(slot).total();
        }
        return total;
    }
}
