package dev.writescope.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.container.FakeHost;
import dev.writescope.evidence.Evidence.KernelMessage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelLogTest {
    private static final Instant NOW = Instant.parse("2026-11-24T06:00:10Z");
    private static final Map<String, String> DEVICES =
            Map.of("sda", "8:0", "sda1", "8:1", "dm-0", "253:0", "nvme0n1", "259:0", "vda", "254:0");

    private static @Nullable KernelMessage parse(String record) {
        return KernelLog.parse(record, NOW, 70_000_000_000L, name -> DEVICES.getOrDefault(name, ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    IO_ERROR          | 8:0   | blk_update_request: I/O error, dev sda, sector 7919 op 0x1:(WRITE)
                    IO_ERROR          | 259:0 | critical medium error, dev nvme0n1, sector 7919
                    IO_ERROR          | 253:0 | Buffer I/O error on dev dm-0, logical block 13, lost async page write
                    FILE_SYSTEM_ERROR | 254:0 | EXT4-fs error (device vda): ext4_lookup:1817: inode #13: comm ls: bad
                    FILE_SYSTEM_ERROR | 8:1   | EXT4-fs warning (device sda1): ext4_end_bio:343: I/O error 10 writing
                    FILE_SYSTEM_ERROR | 8:1   | XFS (sda1): metadata I/O error in "xlog" at daddr 0x7 len 8 error 5
                    FILE_SYSTEM_ERROR | ''    | Aborting journal on device loop77-8.
                    FILE_SYSTEM_ERROR | 8:0   | BTRFS error (device sda: state E): bdev /dev/sda errs: wr 7
                    FILE_SYSTEM_ERROR | 8:1   | EXT4-fs (sda1): Remounting filesystem read-only
                    FILE_SYSTEM_ERROR | 8:1   | EXT4-fs (sda1): I/O error while writing superblock
                    FILE_SYSTEM_ERROR | 8:1   | XFS (sda1): log I/O error -5
                    FILE_SYSTEM_ERROR | 8:1   | XFS (sda1): Filesystem has been shut down due to log error (0x2).
                    TIMEOUT           | ''    | nvme nvme0: I/O 17 QID 3 timeout, completion polled
                    TIMEOUT           | ''    | sd 2:0:0:0: [sda] tag#12 timing out command, waited 180s
                    TIMEOUT           | ''    | ata1: hard resetting link; timed out
                    HUNG_TASK         | ''    | INFO: task jbd2/vda-8:133 blocked for more than 122 seconds.
                    OUT_OF_MEMORY     | ''    | Out of memory: Killed process 7919 (java) total-vm:17kB
                    """)
    void a_line_has_its_topic_and_device(KernelMessage.Topic topic, String device, String text) {
        assertThat(parse("3,1013,67000000,-;" + text + "\n"))
                .isEqualTo(new KernelMessage(Instant.parse("2026-11-24T06:00:07Z"), topic, device, text));
    }

    @Test
    void what_the_driver_says_of_the_device_counts_more_than_the_text() {
        String record = "3,1013,67000000,c,caller=T1;sd 0:0:0:0: I/O error, dev sda\n SUBSYSTEM=block\n DEVICE=b8:16\n";
        assertThat(Objects.requireNonNull(parse(record)).device()).isEqualTo("8:16");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "I/O error, dev sda",
                "3,1013,67000000,-",
                "3,1013,x,-;I/O error, dev sda",
                "3,1013,9999999999999999999999,-;I/O error, dev sda",
                "6,1013,67000000,-;EXT4-fs (vda): mounted filesystem with ordered data mode",
                "6,1013,67000000,-;usb 1-1: new device",
                "6,1013,67000000,-;EXT4-fs (vda): mounted filesystem. Opts: errors=remount-ro",
                "6,1013,67000000,-;EXT4-fs (vda): re-mounted. Opts: (null)",
                "4,1013,67000000,-;EXT4-fs (vda): warning: maximal mount count reached, running e2fsck is recommended",
                "4,1013,67000000,-;EXT4-fs warning (device vda): ext4_dx_add_entry:2461: Directory index full!",
                "5,1013,67000000,-;EXT4-fs (vda): error count since last fsck: 3",
                "4,1013,67000000,-;BTRFS warning (device vda): excessive commit interval 300",
                "6,1013,67000000,-;nvme nvme0: Shutdown timeout set to 10 seconds",
                "4,1013,67000000,-;clocksource: timekeeping watchdog on CPU1: read timed out",
                "3,1013,67000000,-;critical target error, dev sda, sector 0 op 0x3:(DISCARD) flags 0x800",
                "11,1013,67000000,-;blk_update_request: I/O error, dev sda, sector 7919",
            })
    void anything_else_is_no_message(String record) {
        assertThat(parse(record)).isNull();
    }

    @Test
    void long_lines_are_cut_and_times_from_the_future_are_now() {
        KernelMessage message = Objects.requireNonNull(parse("3,1,999999999999999,-;I/O error " + "x".repeat(8_000)));
        assertThat(message.text()).hasSize(1024);
        assertThat(message.time()).isEqualTo(NOW);
    }

    @Test
    void a_host_without_a_kernel_log_is_said_to_have_none(@TempDir Path root) {
        Missing missing = new Missing();
        try (KernelLog log = new KernelLog(new FakeHost(root).paths(), name -> "", missing)) {
            log.sample();
            assertThat(log.finish()).isEmpty();
        }
        assertThat(missing.list())
                .singleElement()
                .asString()
                .startsWith("kernel log: ")
                .endsWith("is not there");
    }
}
