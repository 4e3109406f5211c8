package dev.writescope.latency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DisksTest {
    private static final int SDA = 8 << 20;
    private static final int SDA2 = SDA | 2;
    private static final int SDB = SDA | 16;
    private static final int MAPPED = 252 << 20;
    private static final int STRIPED = MAPPED | 1;

    @TempDir
    Path sys = Path.of("");

    private Disks disks = new Disks(sys);

    @BeforeEach
    void devices() throws IOException {
        device("pci/sda", "8:0");
        Files.createFile(device("pci/sda/sda2", "8:2").resolve("partition"));
        device("pci/sdb", "8:16");
        slaves(device("virtual/dm-0", "252:0"), "pci/sda/sda2");
        slaves(device("virtual/dm-1", "252:1"), "pci/sda", "pci/sdb");
        slaves(device("virtual/loop", "252:2"), "virtual/loop");
        Path strange = device("virtual/strange", "252:3");
        slaves(strange, "virtual/malformed");
        Files.writeString(device("virtual/malformed", "252:4").resolve("dev"), "8;0");
        disks = new Disks(sys);
    }

    private Path device(String path, String number) throws IOException {
        Path directory = Files.createDirectories(sys.resolve("devices").resolve(path));
        Files.writeString(directory.resolve("dev"), number + "\n");
        Files.createDirectories(directory.resolve("slaves"));
        Path links = Files.createDirectories(sys.resolve("dev/block"));
        Files.createSymbolicLink(links.resolve(number), directory);
        return directory;
    }

    private void slaves(Path device, String... below) throws IOException {
        for (String path : below) {
            Files.createSymbolicLink(
                    device.resolve("slaves").resolve(Path.of(path).getFileName()),
                    sys.resolve("devices").resolve(path));
        }
    }

    @Test
    void a_disk_serves_itself() {
        assertThat(disks.of(SDA)).isEqualTo(SDA);
        assertThat(disks.of(SDB)).isEqualTo(SDB);
    }

    @Test
    void a_partition_is_served_by_its_disk_and_a_mapped_device_by_the_one_below() {
        assertThat(disks.of(SDA2)).isEqualTo(SDA);
        assertThat(disks.of(MAPPED)).isEqualTo(SDA);
    }

    @Test
    void what_has_several_below_none_or_nonsense_serves_itself() {
        assertThat(disks.of(STRIPED)).isEqualTo(STRIPED);
        assertThat(disks.of(1013)).isEqualTo(1013);
        assertThat(disks.of(MAPPED | 2)).isEqualTo(MAPPED | 2);
        assertThat(disks.of(MAPPED | 3)).isEqualTo(MAPPED | 3);
    }

    @Test
    void each_device_is_looked_up_once() throws IOException {
        assertThat(disks.of(SDA2)).isEqualTo(SDA);
        Files.delete(sys.resolve("dev/block/8:2"));
        assertThat(disks.of(SDA2)).isEqualTo(SDA);
    }
}
