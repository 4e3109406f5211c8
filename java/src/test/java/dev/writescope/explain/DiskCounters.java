package dev.writescope.explain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the kernel counts for a disk and for the journal on it: /proc/diskstats and /proc/fs/jbd2. Nothing of it comes
 * from what is tested.
 *
 * @param busyMs time with a request in flight
 * @param requested commits that somebody waited for
 * @param nanos when, by System.nanoTime
 */
record DiskCounters(
        long writes,
        long writtenBytes,
        long writeMs,
        long busyMs,
        long flushes,
        long flushMs,
        long commits,
        long requested,
        long nanos) {
    static DiskCounters of(SlowDisk disk) {
        long[] counts = lines("/proc/diskstats").stream()
                .map(line -> line.strip().split(" +", -1))
                .filter(words -> words[2].equals(disk.name()))
                .map(DiskCounters::numbers)
                .findFirst()
                .orElseThrow();
        // "212 transactions (211 requested), each up to 1024 blocks"
        String[] journal = lines("/proc/fs/jbd2/" + disk.name() + "-8/info")
                .getFirst()
                .replaceAll("[^0-9 ]", "")
                .strip()
                .split(" +", -1);
        return new DiskCounters(
                counts[4],
                counts[6] * 512,
                counts[7],
                counts[9],
                counts[15],
                counts[16],
                Long.parseLong(journal[0]),
                Long.parseLong(journal[1]),
                System.nanoTime());
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those after the device's name. */
    private static long[] numbers(String[] words) {
        long[] numbers = new long[words.length - 3];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Long.parseLong(words[i + 3]);
        }
        return numbers;
    }

    DiskCounters since(DiskCounters start) {
        return new DiskCounters(
                writes - start.writes,
                writtenBytes - start.writtenBytes,
                writeMs - start.writeMs,
                busyMs - start.busyMs,
                flushes - start.flushes,
                flushMs - start.flushMs,
                commits - start.commits,
                requested - start.requested,
                nanos - start.nanos);
    }

    double seconds() {
        return nanos / 1e9;
    }

    /** Share of the time with a request in flight. */
    double utilisation() {
        return busyMs / 1e3 / seconds();
    }
}
