package dev.writescope.latency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.container.IdSpace;
import dev.writescope.container.Mount;
import dev.writescope.container.MountClass;
import dev.writescope.probe.ActivityRecord;
import dev.writescope.probe.Kind;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ActivityIntervalsTest {
    private static final int DISK = 8 << 20;
    private static final int EXT4 = 0xEF53;
    private static final int PROC = 0x9fa0;

    private final ActivityIntervals intervals = new ActivityIntervals(new Naming(new Names() {
        @Override
        public Container container(IdSpace space, long cgroup) {
            return Waiting.NAMES.container(space, cgroup);
        }

        @Override
        public @Nullable Mount mount(IdSpace space, long cgroup, int mount) {
            return mount == 61
                    ? new Mount(61, "8:0", "ext4", "/vol", "/data", "x", "rw", "rw", MountClass.VOLUME, "")
                    : null;
        }
    }));

    private static ActivityRecord record(long inode, int magic, long count, long bytes, long totalNs) {
        return new ActivityRecord(
                Waiting.DB_TASK,
                101,
                "postgres",
                Kind.BUFFERED.code(),
                DISK,
                61,
                magic,
                inode,
                (int) inode,
                "/vol/wal",
                count,
                bytes,
                totalNs);
    }

    private static Activity activity(long count, long bytes, long totalNs) {
        return new Activity(
                Waiting.named("db"),
                101,
                "postgres",
                "/data/wal",
                Kind.BUFFERED,
                new Place("ext4", "8:0", "/data", MountClass.VOLUME),
                count,
                bytes,
                totalNs);
    }

    @Test
    void an_interval_has_what_was_done_since_the_last() {
        assertThat(intervals.next(List.of(record(7, EXT4, 3, 8_209, 1_013))))
                .containsExactly(activity(3, 8_209, 1_013));
        assertThat(intervals.next(List.of(record(7, EXT4, 5, 8_219, 2_027)))).containsExactly(activity(2, 10, 1_014));
        assertThat(intervals.next(List.of(record(7, EXT4, 5, 8_219, 2_027)))).isEmpty();
    }

    @Test
    void sums_that_nobody_looked_at_or_that_were_not_told_of_are_not_counted_again() {
        intervals.next(List.of(record(7, EXT4, 3, 8_209, 1_013)));
        assertThat(intervals.next(List.of())).isEmpty();
        assertThat(intervals.next(List.of(record(11, EXT4, 1, 13, 17)))).containsExactly(activity(1, 13, 17));
        assertThat(intervals.next(List.of(record(7, EXT4, 4, 8_219, 1_019)))).containsExactly(activity(1, 10, 6));
    }

    @Test
    void sums_that_began_anew_count_as_they_are() {
        intervals.next(List.of(record(7, EXT4, 3, 8_209, 1_013)));
        assertThat(intervals.next(List.of(record(7, EXT4, 2, 13, 17)))).containsExactly(activity(2, 13, 17));
    }

    @Test
    void files_of_the_kernel_are_not_the_write_path() {
        assertThat(intervals.next(List.of(record(7, PROC, 3, 8_209, 1_013)))).isEmpty();
    }

    @Test
    void the_busiest_are_those_that_write_most_and_those_that_take_longest_and_the_others_are_one() {
        List<ActivityRecord> writers = IntStream.rangeClosed(1, 301)
                .mapToObj(i -> record(i, EXT4, 1, i, 1))
                .toList();
        List<ActivityRecord> slow = IntStream.rangeClosed(1, 301)
                .mapToObj(i -> record(1000 + i, EXT4, 1, 0, 1 + i))
                .toList();
        List<ActivityRecord> all = new java.util.ArrayList<>(writers);
        all.addAll(slow);
        List<Activity> busiest = intervals.next(all);
        assertThat(busiest).hasSize(2 * ActivityIntervals.BUSIEST + 1);
        assertThat(busiest.getLast())
                .isEqualTo(Activity.others(
                        Kind.BUFFERED, new Place("ext4", "8:0", "", null), 402, 201 * 202 / 2, 201 + 201 * 204 / 2));
        assertThat(busiest.subList(0, 100))
                .extracting(Activity::bytes)
                .startsWith(301L)
                .endsWith(202L);
        assertThat(busiest.subList(100, 200))
                .extracting(Activity::totalNs)
                .startsWith(302L)
                .endsWith(203L);
    }
}
