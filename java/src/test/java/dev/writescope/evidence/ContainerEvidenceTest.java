package dev.writescope.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.writescope.bpf.FileStatus;
import dev.writescope.container.Container;
import dev.writescope.container.ContainerDirectory;
import dev.writescope.container.HostPaths;
import dev.writescope.container.MountClass;
import dev.writescope.evidence.Evidence.DeviceLoad;
import dev.writescope.evidence.Evidence.FileSystemFacts;
import dev.writescope.evidence.Evidence.UpperDirectory;
import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.LoopDisk;
import dev.writescope.stage.SharedStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A container whose every deed is known, and what the host's files say about it. */
@ExtendWith(SharedStage.class)
class ContainerEvidenceTest {
    private static final int CHUNKS = 47;
    private static final int CHUNK_BYTES = 65_536;
    private static final long WRITTEN = (long) CHUNKS * CHUNK_BYTES;
    /** Holds a file without a name and writes into it when told to. */
    private static final String WRITER = """
            exec 3>/data/log; rm /data/log
            chunk=$(printf '%%%ds' x)
            until [ -e /data/go ]; do sleep 0.05; done
            for i in $(seq %d); do printf %%s "$chunk" >&3; done
            sync -f /data; touch /data/done; sleep 600 3>&-; true
            """.formatted(CHUNK_BYTES, CHUNKS);

    private static String diskStatistics(LoopDisk disk) throws IOException {
        return Files.readString(Path.of("/sys/dev/block/" + disk.device() + "/stat"));
    }

    private static long field(String statistics, int index) {
        return Long.parseLong(statistics.strip().split("\\s+", -1)[index]);
    }

    private static Container container(ContainerDirectory containers, String id) throws InterruptedException {
        while (true) {
            for (Container each : containers.containers()) {
                if (each.id().equals(id)) {
                    return each;
                }
            }
            Thread.sleep(3);
        }
    }

    private static Evidence collect(ContainerStage stage, LoopDisk disk, String name) throws Exception {
        HostPaths host = new HostPaths(Path.of("/"));
        try (ContainerDirectory containers = ContainerDirectory.open(host)) {
            List<Container> chosen = List.of(container(containers, name));
            try (EvidenceCollector collector = EvidenceCollector.start(host, containers, chosen, WalkLimits.DEFAULT)) {
                Files.createFile(disk.mountPoint().resolve("go"));
                while (!Files.exists(disk.mountPoint().resolve("done"))) {
                    Thread.sleep(3);
                }
                collector.sample();
                stage.exec(name, "sh", "-c", """
                        dd if=/dev/zero of=/data/direct bs=4096 count=13 oflag=direct
                        mkdir -p /made/a/b
                        for i in $(seq 23); do echo x > /made/$i; done
                        head -c 8192 /dev/zero > /made/large
                        ln /made/large /made/again; ln -s /etc /made/link
                        rm /usr/bin/fio""");
                return collector.finish(chosen);
            }
        }
    }

    @Test
    void everything_a_container_did_is_found_with_its_size(ContainerStage stage) throws Exception {
        LoopDisk disk = stage.disk("evidence", "64M");
        String name = "evidence";
        stage.run(name, List.of(disk.at("/data")), "bash", "-c", WRITER);
        stage.slow(disk, 997, name);
        try {
            String before = diskStatistics(disk);
            Evidence evidence = collect(stage, disk, name);
            String after = diskStatistics(disk);

            assertThat(evidence.devices())
                    .filteredOn(DeviceLoad::device, disk.device())
                    .singleElement()
                    .satisfies(load -> {
                        double seconds = evidence.duration().toNanos() / 1e9;
                        assertThat(Math.round(load.writtenBytesPerSecond() * seconds))
                                .isBetween(WRITTEN, 512 * (field(after, 6) - field(before, 6)));
                        assertThat(Math.round(load.writesPerSecond() * seconds))
                                .isBetween(1L, field(after, 4) - field(before, 4));
                        assertThat(load.utilisation()).isBetween(0.0, 1.0);
                        assertThat(load.name()).startsWith("loop");
                    });
            assertThat(evidence.deleted())
                    .filteredOn(file -> file.container().id().equals(name))
                    .singleElement()
                    .satisfies(file -> {
                        assertThat(file.file()).isEqualTo("/data/log");
                        assertThat(file.startBytes()).isZero();
                        assertThat(file.endBytes()).isBetween(WRITTEN, WRITTEN + CHUNK_BYTES);
                        assertThat(file.device()).isEqualTo(disk.device());
                        assertThat(file.comm()).isEqualTo("bash");
                    });
            assertThat(evidence.processes())
                    .filteredOn(process -> process.container().id().equals(name)
                            && process.comm().equals("bash"))
                    .singleElement()
                    .satisfies(process -> assertThat(process.writtenBytes()).isBetween(WRITTEN, WRITTEN + CHUNK_BYTES));
            assertThat(evidence.limits()).anySatisfy(limit -> {
                assertThat(limit.container().id()).isEqualTo(name);
                assertThat(limit.device()).isEqualTo(disk.device());
                assertThat(limit.name()).isEqualTo("wiops");
                assertThat(limit.value()).isEqualTo(997);
                assertThat(Path.of(limit.file())).isRegularFile();
            });
            assertThat(evidence.fileSystems())
                    .filteredOn(FileSystemFacts::device, disk.device())
                    .singleElement()
                    .satisfies(ContainerEvidenceTest::isTheDisk);
            assertThat(evidence.mounts())
                    .extracting(
                            mount -> mount.mount().point(),
                            Evidence.MountFacts::mountClass,
                            Evidence.MountFacts::realDevice)
                    .contains(
                            tuple("/data", MountClass.VOLUME, disk.device()),
                            tuple(
                                    "/",
                                    MountClass.UPPERDIR,
                                    FileStatus.of(stage.directory()).device()));
            assertThat(evidence.upperDirectories()).singleElement().satisfies(ContainerEvidenceTest::isWhatWasMade);
            assertThat(evidence.pressure())
                    .extracting(pressure -> pressure.container().displayName())
                    .contains("host", evidence.mounts().getFirst().container().displayName());
            assertThat(evidence.cgroups()).anySatisfy(io -> {
                assertThat(io.container().id()).isEqualTo(name);
                assertThat(io.device()).isEqualTo(disk.device());
                assertThat(io.writes()).isGreaterThanOrEqualTo(13);
                assertThat(io.writtenBytes()).isGreaterThanOrEqualTo(13 * 4096);
            });
            assertThat(evidence.dirty().dirtyBytes()).isPositive();
            assertThat(evidence.dirty().thresholdBytes())
                    .isGreaterThan(evidence.dirty().backgroundBytes());
            assertThat(evidence.dirty().settings()).containsKeys("vm.dirty_ratio", "vm.dirty_background_bytes");
            assertThat(evidence.missing()).noneMatch(missing -> missing.contains("CAP_"));
        } finally {
            stage.stop(name);
        }
    }

    private static void isTheDisk(FileSystemFacts facts) {
        assertThat(facts.fstype()).isEqualTo("ext4");
        assertThat(facts.options().split(",", -1)).contains("data=ordered", "delalloc", "barrier");
        assertThat(facts.journal()).satisfies(journal -> {
            assertThat(journal.commits()).isPositive();
            assertThat(journal.requested()).isBetween(1L, journal.commits());
        });
        assertThat(facts.totalBytes()).isBetween(48L << 20, 64L << 20);
        assertThat(facts.totalBytes() - facts.freeBytes()).isGreaterThan(WRITTEN);
        assertThat(facts.totalInodes()).isGreaterThan(facts.freeInodes());
        assertThat(facts.errors()).isZero();
    }

    private static void isWhatWasMade(UpperDirectory upper) {
        assertThat(upper.files()).isEqualTo(23 + 1 + 1);
        assertThat(upper.smallFiles()).isEqualTo(23);
        assertThat(upper.whiteouts()).isEqualTo(1);
        assertThat(upper.directories()).isGreaterThanOrEqualTo(3);
        assertThat(upper.bytes()).isGreaterThanOrEqualTo(8192 + 23 * 512);
        assertThat(upper.complete()).isTrue();
    }
}
