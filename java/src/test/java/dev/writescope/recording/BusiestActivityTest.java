package dev.writescope.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.Container;
import dev.writescope.latency.Activity;
import dev.writescope.latency.Place;
import dev.writescope.probe.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BusiestActivityTest {
    private static Activity activity(Kind kind, int pid, String device, long bytes, long ns) {
        return new Activity(
                Container.host("db"),
                pid,
                "dd",
                "/" + pid,
                kind,
                new Place("ext4", device, "/data", null),
                3,
                bytes,
                ns);
    }

    @Test
    void those_that_do_nearly_everything_are_kept_and_the_others_are_one() {
        List<Activity> all = new ArrayList<>(
                List.of(activity(Kind.BUFFERED, 7, "8:0", 9_700, 1), activity(Kind.FSYNC, 11, "8:0", 0, 9_600)));
        for (int pid = 100; pid < 113; pid++) {
            all.add(activity(Kind.BUFFERED, pid, "8:0", 17, 19));
        }
        assertThat(BusiestActivity.of(all))
                .containsExactly(
                        all.get(0),
                        all.get(1),
                        Activity.others(Kind.BUFFERED, new Place("ext4", "8:0", "", null), 39, 13 * 17, 13 * 19));
    }

    @Test
    void what_is_little_on_the_host_and_much_on_its_device_is_kept() {
        Activity little = activity(Kind.BUFFERED, 7, "8:16", 4_096, 13);
        assertThat(BusiestActivity.of(List.of(activity(Kind.BUFFERED, 11, "8:0", 1L << 40, 1L << 40), little)))
                .contains(little);
    }

    @Test
    void what_came_as_others_stays_so_however_much_it_is() {
        Place disk = new Place("ext4", "8:0", "", null);
        Activity little = activity(Kind.BUFFERED, 7, "8:0", 1, 1);
        List<Activity> all = List.of(
                activity(Kind.BUFFERED, 11, "8:0", 101, 103),
                little,
                Activity.others(Kind.BUFFERED, disk, 5, 1009, 1013));
        assertThat(BusiestActivity.of(all)).containsExactly(all.get(0), little, all.get(2));
        assertThat(BusiestActivity.of(
                        List.of(all.get(0), little, all.get(2), Activity.others(Kind.BUFFERED, disk, 7, 11, 13))))
                .containsExactly(all.get(0), little, Activity.others(Kind.BUFFERED, disk, 12, 1020, 1026));
    }

    @Test
    void where_all_are_alike_fifty_are_kept() {
        List<Activity> alike = LongStream.range(0, 211)
                .mapToObj(pid -> activity(Kind.FSYNC, (int) pid + 1, "8:0", 0, 1_009))
                .toList();
        List<Activity> busiest = BusiestActivity.of(alike);
        assertThat(busiest).hasSize(BusiestActivity.MOST + 1);
        assertThat(busiest.getLast().count()).isEqualTo(3 * (211 - BusiestActivity.MOST));
    }

    @Provide
    Arbitrary<List<Activity>> activities() {
        Arbitrary<Long> amounts = Arbitraries.longs().between(0, 1L << 40);
        return Combinators.combine(
                        Arbitraries.of(Kind.BUFFERED, Kind.DIRECT, Kind.FSYNC),
                        Arbitraries.integers().between(1, 997),
                        Arbitraries.integers().between(0, 97).map(minor -> "8:" + minor),
                        amounts,
                        amounts)
                .as(BusiestActivityTest::activity)
                .list()
                .ofMaxSize(307);
    }

    @Property(tries = 200)
    void sums_stay_as_they_are(@ForAll("activities") List<Activity> all) {
        List<Activity> busiest = BusiestActivity.of(all);
        List<ToLongFunction<Activity>> measures = List.of(Activity::count, Activity::bytes, Activity::totalNs);
        for (ToLongFunction<Activity> measure : measures) {
            assertThat(sums(busiest, measure)).isEqualTo(sums(all, measure));
        }
        assertThat(busiest.stream().filter(each -> !each.isOthers()))
                .hasSizeLessThanOrEqualTo(BusiestActivity.MOST)
                .isSubsetOf(all);
    }

    private static Map<Kind, Long> sums(List<Activity> all, ToLongFunction<Activity> measure) {
        var sums = new LinkedHashMap<Kind, Long>();
        for (Kind kind : Kind.values()) {
            sums.put(
                    kind,
                    all.stream()
                            .filter(each -> each.kind() == kind)
                            .mapToLong(measure)
                            .sum());
        }
        return sums;
    }
}
