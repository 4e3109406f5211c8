package dev.writescope.latency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Mount;
import dev.writescope.container.MountClass;
import dev.writescope.probe.Kind;
import dev.writescope.probe.Losses;
import dev.writescope.probe.SlowRecord;
import dev.writescope.probe.Stage;
import dev.writescope.probe.Wait;
import dev.writescope.probe.WaitRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IntervalRecorderTest {
    private static final int EXT4 = 0xEF53;
    private static final int OVERLAY = 0x794c7630;
    private static final int PROC = 0x9fa0;
    private static final int LOOP3 = (7 << 20) | 3;

    private final Map<Long, Container> containers = new HashMap<>();
    private final Map<Integer, Mount> mounts = new HashMap<>();
    private final Names names = new Names() {
        @Override
        public Container container(IdSpace space, long cgroup) {
            return containers.getOrDefault(
                    cgroup, new Container(Container.Type.UNKNOWN, "cgroup-" + cgroup, "", "", "", "", "", "", ""));
        }

        @Override
        public @Nullable Mount mount(IdSpace space, long cgroup, int mount) {
            return mounts.get(mount);
        }
    };
    private final IntervalRecorder recorder = new IntervalRecorder(2, Duration.ofSeconds(1), names);

    private static Container named(String name) {
        return new Container(Container.Type.CONTAINER, name, "id", "ctr", "", "", "", "", "");
    }

    private IntervalRecorder.Flip flip() {
        return recorder.flip(Instant.EPOCH, Duration.ofSeconds(1), Losses.NONE);
    }

    private void fsync(long cgroup, long latencyNs) {
        recorder.operation(cgroup, Kind.FSYNC.code(), LOOP3, 61, EXT4, latencyNs, 0, false);
    }

    @Property(tries = 100)
    void percentilesAreThoseOfAHistogramThatGotEveryValue(
            @ForAll @Size(min = 1, max = 300) List<@LongRange(min = 0, max = 90_000_000_000L) Long> values) {
        IntervalRecorder fresh = new IntervalRecorder(2, Duration.ofSeconds(1), names);
        Histogram expected = new Histogram(2);
        for (long value : values) {
            fresh.operation(7, Kind.BUFFERED.code(), LOOP3, 61, EXT4, value, 13, false);
            expected.recordValue(value);
        }
        SeriesInterval got = fresh.flip(Instant.EPOCH, Duration.ofSeconds(1), Losses.NONE)
                .interval()
                .series()
                .getFirst();
        for (double percentile : new double[] {0, 50, 90, 95, 99, 99.9, 100}) {
            assertThat(got.histogram().getValueAtPercentile(percentile))
                    .isEqualTo(expected.getValueAtPercentile(percentile));
            assertThat(got.latencies().percentileNs(percentile)).isEqualTo(expected.getValueAtPercentile(percentile));
        }
        assertThat(got.count()).isEqualTo(values.size());
        assertThat(got.sumNs())
                .isEqualTo(values.stream().mapToLong(Long::longValue).sum());
        assertThat(got.maxNs())
                .isEqualTo(values.stream().mapToLong(Long::longValue).max().orElseThrow());
        assertThat(got.bytes()).isEqualTo(13L * values.size());
        assertThat(got.percentileNs(100)).isEqualTo(got.maxNs());
    }

    @Property(tries = 100)
    void totalsAreThoseOfAHistogramThatGotEveryValue(
            @ForAll @Size(min = 1, max = 9)
                    List<@Size(min = 1, max = 200) List<@LongRange(min = 0, max = 90_000_000_000L) Long>> intervals,
            @ForAll boolean threeDigits) {
        int digits = threeDigits ? 3 : 2;
        IntervalRecorder fresh = new IntervalRecorder(digits, Duration.ofSeconds(1), names);
        Totals totals = new Totals();
        Histogram expected = new Histogram(digits);
        for (List<Long> values : intervals) {
            for (long value : values) {
                fresh.operation(7, Kind.BUFFERED.code(), LOOP3, 61, EXT4, value, 13, false);
                expected.recordValue(value);
            }
            IntervalRecorder.Flip flip = fresh.flip(Instant.EPOCH, Duration.ofSeconds(1), Losses.NONE);
            totals.add(flip.sources().getFirst(), flip.interval().series().getFirst());
            fresh.pool().giveBack(flip.interval().series().getFirst().latencies());
        }
        SeriesInterval total = totals.all(fresh::key).getFirst();
        assertThat(total.histogram()).isEqualTo(expected);
        assertThat(total.count()).isEqualTo(expected.getTotalCount());
    }

    @Test
    void anIntervalHasOnlyWhatCameInIt() {
        fsync(5, 1_000);
        fsync(5, 2_000);
        assertThat(flip().interval().series())
                .singleElement()
                .extracting(SeriesInterval::count)
                .isEqualTo(2L);
        fsync(5, 4_000_000_000L);
        SeriesInterval second = flip().interval().series().getFirst();
        assertThat(second.count()).isEqualTo(1);
        assertThat(second.minNs()).isEqualTo(4_000_000_000L);
        assertThat(flip().interval().series()).isEmpty();
    }

    @Test
    void manySeriesStayApart() {
        for (int round = 0; round < 3; round++) {
            for (int cgroup = 1; cgroup <= 1009; cgroup++) {
                for (int mount = 0; mount < 2; mount++) {
                    recorder.operation(cgroup, Kind.DIRECT.code(), LOOP3, mount, EXT4, cgroup * 1_000L, 1, mount == 1);
                }
            }
        }
        List<SeriesInterval> series = flip().interval().series();
        assertThat(series).hasSize(2 * 1009);
        assertThat(series).allSatisfy(each -> {
            assertThat(each.count()).isEqualTo(3);
            assertThat(each.maxNs()).isEqualTo(each.key().cgroupId() * 1_000L);
        });
    }

    @Test
    void aNameThatComesLateIsUsedFromThenOn() {
        fsync(5, 1_000);
        assertThat(flip().interval().series().getFirst().key().container().name())
                .isEqualTo("cgroup-5");
        containers.put(5L, named("db"));
        fsync(5, 1_000);
        assertThat(flip().interval().series().getFirst().key().container().name())
                .isEqualTo("db");
    }

    @Test
    void aMountThatIsFoundLateIsUsedFromThenOn() {
        fsync(5, 1_000);
        assertThat(flip().interval().series().getFirst().key().place()).isEqualTo(new Place("ext4", "7:3", "", null));
        mounts.put(
                61, new Mount(61, "7:3", "ext4", "/", "/data", "/dev/loop3", "rw", "rw,sync", MountClass.VOLUME, ""));
        fsync(5, 1_000);
        assertThat(flip().interval().series().getFirst().key().place())
                .isEqualTo(new Place("ext4", "7:3", "/data", MountClass.VOLUME, "rw,sync"));
    }

    @Test
    void filesOfTheKernelAreNotTheWritePath() {
        recorder.operation(5, Kind.BUFFERED.code(), 21, 61, PROC, 1_000, 1, false);
        assertThat(flip().interval().series()).isEmpty();
        assertThat(recorder.events()).isZero();
    }

    @Test
    void aBlockRequestCountsOnceThoughItHasThreeStages() {
        for (Stage stage : List.of(Stage.QUEUE, Stage.DEVICE, Stage.TOTAL)) {
            recorder.block(5, Kind.BLOCK_WRITE.code(), stage.code(), LOOP3, 1_000, 4096, false);
        }
        assertThat(recorder.events()).isEqualTo(1);
        assertThat(flip().interval().series()).hasSize(3);
    }

    private static WaitRecord waited(int magic, long latencyNs, Wait... waits) {
        return new WaitRecord(
                Kind.FSYNC.code(), 5, latencyNs, 70_001, LOOP3, LOOP3, 61, magic, 101, 103, 0, List.of(waits));
    }

    @Test
    void whatOverlayAddsIsASeriesBesideTheParts() {
        recorder.waited(new WaitRecord(
                Kind.FSYNC.code(),
                5,
                10_007,
                70_001,
                LOOP3,
                LOOP3,
                61,
                OVERLAY,
                101,
                103,
                9_001,
                0,
                List.of(new Wait(Wait.Cause.FLUSH, 4_001, 60_013, 1))));
        recorder.drained();
        Map<Stage, Long> byStage = new HashMap<>();
        flip().interval().series().forEach(each -> byStage.put(each.key().stage(), each.sumNs()));
        assertThat(byStage)
                .isEqualTo(Map.of(Stage.FLUSH, 4_001L, Stage.RUNNING, 10_007L - 4_001, Stage.OVERLAY, 10_007L - 9_001));
    }

    @Test
    void partsAreSeriesOfTheOperationByStage() {
        fsync(5, 10_007);
        recorder.waited(waited(EXT4, 10_007, new Wait(Wait.Cause.LOCK, 4_001, 60_013, 1)));
        recorder.waited(waited(EXT4, 4_001, new Wait(Wait.Cause.FLUSH, 4_001, 60_013, 1)));
        recorder.drained();
        IntervalRecorder.Flip flip = flip();
        Map<Stage, SeriesInterval> byStage = new HashMap<>();
        flip.interval().series().forEach(each -> byStage.put(each.key().stage(), each));
        assertThat(byStage).containsOnlyKeys(Stage.TOTAL, Stage.LOCK, Stage.FLUSH, Stage.RUNNING);
        assertThat(byStage.values())
                .extracting(each -> each.key().place())
                .containsOnly(new Place("ext4", "7:3", "", null));
        assertThat(byStage.get(Stage.LOCK)).returns(4_001L, SeriesInterval::sumNs);
        assertThat(byStage.get(Stage.RUNNING))
                .as("also of operations that never ran: they were taken apart")
                .returns(6_006L, SeriesInterval::sumNs)
                .returns(2L, SeriesInterval::count);
        assertThat(flip.interval().shares())
                .singleElement()
                .extracting(Share::ns)
                .isEqualTo(4_001L);
        assertThat(recorder.events()).isEqualTo(1);
        assertThat(flip().interval().series()).isEmpty();
    }

    @Test
    void waitsInFilesOfTheKernelAreNotTheWritePath() {
        recorder.waited(waited(PROC, 10_007));
        assertThat(flip().interval().series()).isEmpty();
    }

    /** An fsync through a mount that shows a part of its file system. */
    private void slow(String path) {
        mounts.put(61, new Mount(61, "7:3", "ext4", "/volumes/db", "/data", "x", "rw", "rw", MountClass.VOLUME, ""));
        recorder.slow(new SlowRecord(
                Kind.FSYNC.code(),
                5,
                3_000_000_000L,
                0,
                -1,
                -1,
                System.nanoTime(),
                LOOP3,
                61,
                EXT4,
                101,
                103,
                "postgres",
                path,
                0,
                -1));
    }

    @Test
    void aFileBesideWhatIsMountedKeepsItsPath() {
        slow("/volumes/db2/wal");
        slow("/volumes/db");
        assertThat(flip().interval().slow()).extracting(SlowEvent::file).containsExactly("/volumes/db2/wal", "/data");
    }

    @Test
    void theFileOfASlowOperationIsAsItsContainerSeesIt() {
        slow("/volumes/db/wal/1");
        SlowEvent slow = flip().interval().slow().getFirst();
        assertThat(slow.file()).isEqualTo("/data/wal/1");
        assertThat(slow.phases()).isEmpty();
        assertThat(Duration.between(slow.time(), Instant.now())).isBetween(Duration.ZERO, Duration.ofMinutes(1));
    }

    @Test
    void quietSeriesAreForgottenAfterTenMinutesAndTheirTotalsKept() {
        fsync(5, 1_000);
        IntervalRecorder.Flip first = flip();
        Totals totals = new Totals();
        totals.add(first.sources().getFirst(), first.interval().series().getFirst());
        int flips = 0;
        while (totals.all(recorder::key).size() == 1) {
            IntervalRecorder.Flip flip = flip();
            flip.forgotten().forEach(totals::forget);
            flips++;
            if (!flip.forgotten().isEmpty()) {
                break;
            }
        }
        assertThat(flips).isEqualTo(601);
        assertThat(totals.all(recorder::key))
                .singleElement()
                .extracting(SeriesInterval::count)
                .isEqualTo(1L);
        fsync(5, 1_000);
        assertThat(flip().interval().series()).hasSize(1);
    }

    @Test
    void whereContainersComeAndGoInCrowdsAMinuteIsEnough() {
        int crowd = IntervalRecorder.CROWD + 1;
        for (int cgroup = 1; cgroup <= crowd; cgroup++) {
            fsync(cgroup, 1_000);
        }
        flip();
        for (int second = 1; second <= 60; second++) {
            fsync(7, 1_000);
            assertThat(flip().forgotten()).isEmpty();
        }
        assertThat(flip().forgotten()).isEmpty(); // the first in which there is one too many
        assertThat(flip().forgotten()).hasSize(crowd - 1);
    }

    @Test
    void totalsOfMoreForgottenSeriesThanAreKeptAddUpUnderGone() {
        Totals totals = new Totals();
        int made = Totals.MOST_FORGOTTEN + 37;
        for (int cgroup = 1; cgroup <= made; cgroup++) {
            fsync(cgroup, 1_000);
        }
        IntervalRecorder.Flip flip = flip();
        for (int i = 0; i < made; i++) {
            totals.add(flip.sources().get(i), flip.interval().series().get(i));
        }
        flip.sources().forEach(totals::forget);
        List<SeriesInterval> all = totals.all(recorder::key);
        assertThat(all).hasSize(Totals.MOST_FORGOTTEN + 1);
        assertThat(all.stream().mapToLong(SeriesInterval::count).sum()).isEqualTo(made);
        assertThat(all)
                .filteredOn(each -> each.key().container().name().equals("gone"))
                .singleElement()
                .extracting(SeriesInterval::count)
                .isEqualTo(37L);
    }
}
