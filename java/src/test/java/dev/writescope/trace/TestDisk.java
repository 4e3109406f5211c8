package dev.writescope.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own on a loop device in memory, without any container. */
record TestDisk(Path mountPoint, Path image, String loop) implements AutoCloseable {
    static TestDisk make(String type, int mebibytes) {
        try {
            Path image = Files.createTempFile(Path.of("/dev/shm"), "writescope-disk", null);
            Path mountPoint = Files.createTempDirectory("writescope-disk");
            Commands.run("truncate", "-s", mebibytes + "M", image.toString());
            Commands.run("mkfs." + type, "-q", image.toString());
            String loop = Commands.run("losetup", "--find", "--show", image.toString())
                    .strip();
            Commands.run("mount", loop, mountPoint.toString());
            return new TestDisk(mountPoint, image, loop);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String file(String name) {
        return mountPoint.resolve(name).toString();
    }

    /** The kernel's number of it. */
    int device() {
        return device(mountPoint);
    }

    /** The kernel's number of the file system that a file is on. */
    static int device(Path file) {
        String[] number =
                Commands.run("stat", "-c", "%Hd %Ld", file.toString()).strip().split(" ", -1);
        return Integer.parseInt(number[0]) << 20 | Integer.parseInt(number[1]);
    }

    /** Transactions that its journal has committed, by the kernel's own count. */
    long transactions() {
        String journal = Path.of(loop).getFileName() + "-8";
        try {
            String info = Files.readString(Path.of("/proc/fs/jbd2", journal, "info"));
            return Long.parseLong(info.substring(0, info.indexOf(' ')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Commands.run("umount", mountPoint.toString());
        Commands.run("losetup", "--detach", loop);
        try {
            Files.delete(image);
            Files.delete(mountPoint);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
