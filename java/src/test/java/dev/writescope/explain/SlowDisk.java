package dev.writescope.explain;

import dev.writescope.stage.ContainerStage;
import dev.writescope.stage.LoopDisk;
import dev.writescope.trace.Commands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A disk in memory whose speed is chosen (slowdisk.c), with an ext4: slow without a limit that the kernel knows of, and
 * the same on every host. Closing it, or its stage, leaves no trace, not even of what was set for its block device.
 *
 * @param name of the block device, such as "loop1000"
 */
record SlowDisk(Path backing, Path image, String name, LoopDisk mounted, Process server) implements AutoCloseable {
    private static final String SIZE = "1G";

    /**
     * Requests are served one after the other.
     *
     * @param request what each takes, in microseconds, beside the time of its bytes
     * @param bandwidth MiB a second
     * @param flush what emptying its cache takes, in microseconds
     */
    record Speed(int request, int bandwidth, int flush) {
        /** An fsync of a small write is some two milliseconds. */
        static final Speed USUAL = new Speed(200, 100, 200);
    }

    static SlowDisk on(ContainerStage stage, String name, Speed speed, String mountOptions, String... mkfs) {
        Path program = program(stage.directory().resolve("slowdisk"));
        Path memory = stage.directory().resolve("memory");
        shell("mkdir -p $0; mountpoint -q $0 || mount -t tmpfs -o mode=0700 tmpfs $0", memory);
        Path backing = memory.resolve(name + ".slow");
        // Where the stage looks for images when it goes down.
        Path image = stage.directory().resolve("disks/" + name + ".img");
        Path mountPoint = stage.directory().resolve("disks/" + name);
        shell("truncate -s " + SIZE + " $0; : >$1; mkdir $2", backing, image, mountPoint);
        Commands.run(Stream.of(
                        Stream.of("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0"),
                        Stream.of(mkfs),
                        Stream.of(backing.toString()))
                .flatMap(words -> words)
                .toArray(String[]::new));
        Process server = serve(program, backing, image, speed);
        String loop = firstLine(server);
        shell(
                "losetup --direct-io=on $0 $1 || losetup $0 $1; mount -t ext4 -o $3 $0 $2; losetup --detach $0; chmod 1777 $2",
                loop,
                image,
                mountPoint,
                mountOptions);
        String device = Commands.run("mountpoint", "-d", mountPoint.toString()).strip();
        return new SlowDisk(backing, image, loop.substring("/dev/".length()), new LoopDisk(mountPoint, device), server);
    }

    private static Path program(Path directory) {
        Path program = directory.resolve("slowdisk");
        if (!Files.exists(program)) {
            Path source = directory.resolve("slowdisk.c");
            try (InputStream in = Objects.requireNonNull(SlowDisk.class.getResourceAsStream("/slowdisk.c"))) {
                Files.createDirectories(directory);
                Files.copy(in, source);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Commands.run("gcc", "-O1", "-Wall", "-Werror", "-o", program.toString(), source.toString());
        }
        return program;
    }

    private static Process serve(Path program, Path backing, Path image, Speed speed) {
        try {
            return new ProcessBuilder(
                            program.toString(),
                            backing.toString(),
                            image.toString(),
                            Integer.toString(speed.request()),
                            Integer.toString(speed.bandwidth()),
                            Integer.toString(speed.flush()))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String firstLine(Process server) {
        try {
            return Objects.requireNonNull(server.inputReader().readLine(), "slowdisk does not serve");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a script to its end, or to its first failure; {@code $0}, {@code $1} and so on are the words. */
    static String shell(String script, Object... words) {
        return Commands.run(
                Stream.concat(Stream.of("bash", "-ec", script), Stream.of(words).map(Object::toString))
                        .toArray(String[]::new));
    }

    Path mountPoint() {
        return mounted.mountPoint();
    }

    /** Where the kernel keeps settings of its page cache: they go with the device. */
    Path writeback() {
        return Path.of("/sys/class/bdi", mounted.device());
    }

    @Override
    public void close() {
        // The loop device lets go of the image a moment after the last unmount.
        shell(
                "umount $0; for _ in {1..200}; do ! umount $1 2>/dev/null || exit 0; sleep 0.05; done; exit 1",
                mountPoint(),
                image);
        try {
            server.waitFor();
            Files.delete(image);
            Files.delete(mountPoint());
            Files.delete(backing);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
