package dev.writescope.explain;

import static dev.writescope.explain.SlowDisk.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.writescope.explain.SlowDisk.Speed;
import dev.writescope.stage.ContainerStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The victim appends a few bytes to large files of its image, each of which is copied whole before. */
final class CopyUp extends Scenario {
    private static final int FILES = 43;
    private static final int MIB = 16;

    /** Prints for each how long the opening for writing took, and the writing, in seconds. */
    private static final String APPEND = """
            for i in $(seq %d); do
                TIMEFORMAT="open %%R"; time exec 3>>/large/$i
                TIMEFORMAT="write %%R"; time echo 1 >&3
                sleep 0.1
            done 2>>/data/times
            sleep 600
            """.formatted(FILES);

    CopyUp(ContainerStage stage) {
        super(stage, Speed.USUAL, "defaults", "-N", "4096");
    }

    @Override
    String cause() {
        return "copy-up";
    }

    private Path layer() {
        return stage.directory().resolve("memory/" + victim() + "-layer");
    }

    @Override
    void start() {
        shell("""
                mkdir -p $0/large
                dd if=/dev/urandom of=$0/large/1 bs=1M count=$2 status=none
                for i in $(seq 2 $1); do ln $0/large/1 $0/large/$i; done
                """, layer(), FILES, MIB);
        Path root = root(layer());
        stage.run(victim(), List.of("--rootfs", root.toString()), data(), "bash", "-c", APPEND);
    }

    @Override
    void check(Run run, Run healthy) {
        Path copies = disk.mountPoint().resolve("upper/large");
        String[] names = copies.toFile().list();
        assertThat(names).hasSizeGreaterThan(5);
        assertThat(copies.resolve("1")).hasSize((long) MIB * 1024 * 1024 + 2);
        assertThat(median("open")).isGreaterThan(10 * median("write"));
        assertThat(run.disk().writtenBytes()).isGreaterThan(5L * MIB * 1024 * 1024);
    }

    /** In milliseconds, at least one. */
    private double median(String what) {
        try (var lines = Files.lines(disk.mountPoint().resolve("times"))) {
            double[] sorted = lines.filter(line -> line.startsWith(what))
                    .mapToDouble(line -> Math.max(1, 1000 * Double.parseDouble(line.substring(what.length()))))
                    .sorted()
                    .toArray();
            return sorted[sorted.length / 2];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        super.close();
        shell("rm -rf $0", layer());
    }
}
