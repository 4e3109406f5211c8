package dev.writescope.explain;

import static dev.writescope.explain.CausesTest.healthy;
import static dev.writescope.explain.CausesTest.only;
import static dev.writescope.explain.CausesTest.slowFlush;
import static dev.writescope.explain.Situation.DB;
import static dev.writescope.explain.Situation.DISK;
import static dev.writescope.explain.Situation.LAYER;
import static dev.writescope.explain.Situation.MIB;
import static dev.writescope.explain.Situation.MS;
import static dev.writescope.explain.Situation.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.MountClass;
import dev.writescope.evidence.Evidence;
import dev.writescope.explain.Cause.Name;
import dev.writescope.latency.Place;
import dev.writescope.probe.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is about to fail or fails already, on the disk in question or on another one. */
class FailureCausesTest {
    @Test
    void a_deleted_log_file_grows() {
        Situation deleted = healthy();
        deleted.deleted.add(
                new Evidence.DeletedFile(DB, 4231, "sh", "/data/app.log (deleted)", DISK, 7 * MIB, 157 * MIB));
        Cause cause = only(deleted, Name.DELETED_FILE);
        assertThat(cause.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(cause.sentence()).contains("165 MB now, 5.2 MB/s more");
    }

    @Test
    void the_file_system_of_its_layer_runs_out_of_inodes() {
        Situation full = healthy();
        full.fileSystems.set(0, Situation.fileSystem("data=ordered", 1000, 900, 256, 0));
        full.mounts.add(Situation.mount(DB, LAYER, "rw", "/upper", DISK));
        full.layers.add(new Evidence.UpperDirectory(DB, "/upper", 211, 199, 7, 0, 3 * MIB, true, Duration.ofMillis(3)));
        Cause cause = only(full, Name.INODES);
        assertThat(cause.sentence()).contains("0 of 256 are left");
        assertThat(cause.evidence()).anyMatch(line -> line.contains("211 files, 199 of them below 4 KiB"));
        assertThat(cause.remedies().getFirst().lines().getFirst()).contains("du --inodes -x -d 3 /upper");
    }

    @Test
    void its_file_system_is_nearly_full() {
        Situation full = healthy();
        full.fileSystems.set(0, Situation.fileSystem("data=ordered", 100, 2, 1_000_000, 900_000));
        assertThat(only(full, Name.SPACE).sentence()).contains("2.1 GB are free");
    }

    @Test
    void the_device_fails_requests() {
        Situation failing = healthy().requests(DB, Kind.BLOCK_WRITE, 97, MS, 4096, 13);
        failing.messages.add(new Evidence.KernelMessage(
                NOON, Evidence.KernelMessage.Topic.IO_ERROR, "vdb", "I/O error, dev vdb, sector 2048 op 0x1:(WRITE)"));
        Cause cause = only(failing, Name.IO_ERRORS);
        assertThat(cause.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(cause.sentence()).contains("13 failed requests");
        assertThat(cause.evidence().getFirst()).contains("sector 2048");
    }

    private static final Place OTHER_DATA = new Place("ext4", "254:32", "/other", MountClass.VOLUME);

    /** One that is mounted, too. */
    private static Situation withOtherVolume(Situation some) {
        some.mounts.add(Situation.mount(DB, OTHER_DATA, "rw,relatime", "", OTHER_DATA.device()));
        return some;
    }

    @Test
    void errors_of_a_device_that_the_operation_does_not_go_to_come_after_what_takes_its_time() {
        Situation failing = withOtherVolume(slowFlush(23));
        failing.messages.add(new Evidence.KernelMessage(
                NOON, Evidence.KernelMessage.Topic.IO_ERROR, OTHER_DATA.device(), "I/O error, sector 2048"));
        assertThat(failing.names()).containsExactly(Name.SLOW_FLUSH, Name.IO_ERRORS);
        Situation healthyOtherwise = withOtherVolume(healthy());
        healthyOtherwise.messages.addAll(failing.messages);
        assertThat(healthyOtherwise.names()).containsExactly(Name.IO_ERRORS);
    }

    @Test
    void a_full_file_system_that_the_operation_does_not_go_to_comes_after_what_takes_its_time() {
        Situation full = withOtherVolume(slowFlush(23));
        Evidence.FileSystemFacts facts = Situation.fileSystem("data=ordered", 100, 2, 1_000_000, 90);
        full.fileSystems.add(new Evidence.FileSystemFacts(
                OTHER_DATA.device(),
                facts.fstype(),
                "/dev/vdc",
                facts.options(),
                facts.journal(),
                facts.totalBytes(),
                facts.freeBytes(),
                facts.totalInodes(),
                facts.freeInodes(),
                0));
        assertThat(full.names()).containsExactly(Name.SLOW_FLUSH, Name.INODES, Name.SPACE);
    }

    @Test
    void errors_of_another_device_are_no_cause() {
        Situation other = healthy();
        other.messages.add(new Evidence.KernelMessage(
                NOON, Evidence.KernelMessage.Topic.IO_ERROR, "sdz", "I/O error, dev sdz, sector 1"));
        assertThat(other.causes()).isEmpty();
    }
}
