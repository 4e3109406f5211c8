package dev.writescope.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.writescope.container.FakeHost;
import dev.writescope.evidence.Evidence.DeviceLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskStatisticsTest {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    @TempDir
    Path root;

    private List<DeviceLoad> loads(String before, String after) {
        return DiskStatistics.parse(after)
                .since(
                        DiskStatistics.parse(before),
                        TWO_SECONDS,
                        Set.of(),
                        new BlockQueues(new FakeHost(root).paths()));
    }

    @Test
    void a_load_is_what_iostat_computes() {
        DeviceLoad load = loads(
                        "   7       3 loop3 100 0 800 50 200 0 1600 300 0 1000 350 0 0 0 0 10 20\n",
                        "   7       3 loop3 107 0 856 71 213 0 3680 430 2 2300 601 0 0 0 0 15 47\n")
                .getFirst();
        assertThat(load.device()).isEqualTo("7:3");
        assertThat(load.name()).isEqualTo("loop3");
        assertThat(load.utilisation()).isCloseTo(0.65, within(1e-9));
        assertThat(load.queueSize()).isCloseTo(0.1255, within(1e-9));
        assertThat(load.readsPerSecond()).isCloseTo(3.5, within(1e-9));
        assertThat(load.readAwaitMs()).isCloseTo(3, within(1e-9));
        assertThat(load.writesPerSecond()).isCloseTo(6.5, within(1e-9));
        assertThat(load.writeAwaitMs()).isCloseTo(10, within(1e-9));
        assertThat(load.writtenBytesPerSecond()).isCloseTo(2080 * 512 / 2.0, within(1e-9));
        assertThat(load.flushesPerSecond()).isCloseTo(2.5, within(1e-9));
        assertThat(load.flushAwaitMs()).isCloseTo(5.4, within(1e-9));
    }

    @Test
    void kernels_that_count_no_flushes_say_so() {
        DeviceLoad load = loads("8 0 sda 1 0 8 5 2 0 16 3 0 10 8\n", "8 0 sda 1 0 8 5 3 0 24 5 0 20 11\n")
                .getFirst();
        assertThat(load.flushesPerSecond()).isNaN();
        assertThat(load.flushAwaitMs()).isNaN();
        assertThat(load.writesPerSecond()).isEqualTo(0.5);
    }

    @Test
    void times_of_32_bits_go_round() {
        DeviceLoad load = loads(
                        "8 0 sda 1 0 8 5 2 0 16 4294967290 0 4294967000 4294967000\n",
                        "8 0 sda 1 0 8 5 3 0 24 7 0 704 304\n")
                .getFirst();
        assertThat(load.writeAwaitMs()).isEqualTo(13);
        assertThat(load.utilisation()).isEqualTo(0.5);
    }

    @Test
    void a_device_that_took_another_ones_number_starts_from_nothing() {
        String after = "8 0 sda 3 0 8 5 2 0 16 30 0 10 8\n";
        assertThat(loads("8 0 sda 9 0 8 5 9 0 16 3 0 10 8\n", after)).isEmpty();
        assertThat(loads("8 0 sdb 1 0 8 5 1 0 16 3 0 10 8\n", after)).isEmpty();
    }

    @Test
    void an_idle_device_is_told_only_where_it_is_wanted() {
        DiskStatistics same = DiskStatistics.parse("8 0 sda 1 0 8 5 2 0 16 3 0 10 8\n");
        BlockQueues queues = new BlockQueues(new FakeHost(root).paths());
        assertThat(same.since(same, TWO_SECONDS, Set.of("8:1"), queues)).isEmpty();
        assertThat(same.since(same, TWO_SECONDS, Set.of("8:0"), queues))
                .singleElement()
                .satisfies(load -> assertThat(load.utilisation()).isZero());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8 0 sda",
                "8 0 sda 1 0 8 5 2 0 16 3 0 10",
                "8 0 sda 1 0 8 5 2 0 16 3 0 10 -8",
                "8 0 sda 1 0 8 5 2 0 16 3 0 10 99999999999999999999",
                "8 x sda 1 0 8 5 2 0 16 3 0 10 8",
                "8 0 s\u001bda 1 0 8 5 2 0 16 3 0 10 8",
            })
    void a_malformed_line_is_left_out_and_the_next_one_counts(String line) {
        String good = "8 16 sdb 1 0 8 5 2 0 16 3 0 10 8\n";
        assertThat(DiskStatistics.parse(line + "\n" + good).devices()).containsOnlyKeys("8:16");
    }

    @Test
    void a_partition_has_the_queue_of_its_disk() throws IOException {
        FakeHost host = new FakeHost(root)
                .file("sys/devices/sda/dev", "8:0\n")
                .file("sys/devices/sda/queue/scheduler", "none [mq-deadline] kyber\n")
                .file("sys/devices/sda/queue/rotational", "1\n")
                .file("sys/devices/sda/queue/write_cache", "write back\n")
                .file("sys/devices/sda/queue/nr_requests", "61\n")
                .file("sys/devices/sda/queue/wbt_lat_usec", "75000\n")
                .file("sys/devices/sda/sda1/partition", "1\n")
                .file("sys/devices/sda/sda1/dev", "8:1\n");
        Files.createSymbolicLink(host.directory("sys/dev/block").resolve("8:1"), Path.of("../../devices/sda/sda1"));
        BlockQueues.Queue queue = new BlockQueues(host.paths()).read("8:1");
        assertThat(queue.disk()).isEqualTo("8:0");
        assertThat(queue.scheduler()).isEqualTo("mq-deadline");
        assertThat(queue.rotational()).isTrue();
        assertThat(queue.writeCache()).isEqualTo("write back");
        assertThat(queue.settings()).containsEntry("nr_requests", "61").containsEntry("wbt_lat_usec", "75000");
    }

    @Test
    void a_stacked_device_names_those_below_it() {
        FakeHost host = new FakeHost(root)
                .file("sys/dev/block/253:0/slaves/sdb/dev", "8:16\n")
                .file("sys/dev/block/253:0/slaves/sda/dev", "8:0\n")
                .file("sys/dev/block/253:0/slaves/evil/dev", "\u001b[31m\n")
                .file("sys/dev/block/253:0/queue/scheduler", "none\n");
        BlockQueues.Queue queue = new BlockQueues(host.paths()).read("253:0");
        assertThat(queue.disk()).isEqualTo("253:0");
        assertThat(queue.scheduler()).isEqualTo("none");
        assertThat(queue.settings()).containsEntry("slaves", "8:0 8:16").doesNotContainKey("nr_requests");
    }

    @Test
    void of_a_device_without_a_queue_nothing_is_known() {
        BlockQueues.Queue queue = new BlockQueues(new FakeHost(root).paths()).read("7:3");
        assertThat(queue).isEqualTo(new BlockQueues.Queue("7:3", false, "", "", Map.of()));
    }
}
