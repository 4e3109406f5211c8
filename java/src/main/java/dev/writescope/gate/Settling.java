package dev.writescope.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Waits until what was written before has reached the disk: hundreds of megabytes that a build left behind take
 * seconds to write out, and every fsync meanwhile waits with them. Bounded: on a machine where others write all the
 * time it goes on after a while and says so.
 *
 * @param meminfo /proc/meminfo
 * @param patience for the sync, and once more for the rest
 * @param progress told when it takes longer than people expect
 */
record Settling(Path meminfo, Duration patience, Consumer<String> progress) {
    /** What a system that does nothing much has: logs, access times. */
    private static final long CALM_BYTES = 32 << 20;

    private static final Duration WORTH_TELLING = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    /**
     * Settles the disk.
     *
     * @param pause afterwards, for what sync(2) starts but does not wait for
     */
    void settle(Duration pause) throws IOException, InterruptedException {
        long began = System.nanoTime();
        Process sync = new ProcessBuilder("sync").inheritIO().start();
        if (!waitFor(sync, patience)) {
            progress.accept("sync has not ended after " + patience.toSeconds() + " s: going on while it runs");
        }
        long end = System.nanoTime() + patience.toNanos();
        long unwritten = unwrittenBytes();
        while (unwritten > CALM_BYTES && System.nanoTime() < end) {
            Thread.sleep(LOOK_AGAIN);
            unwritten = unwrittenBytes();
        }
        Thread.sleep(pause);
        if (unwritten > CALM_BYTES) {
            progress.accept(
                    "the machine does not come to rest: " + mebibytes(unwritten) + " MiB wait to be written; going on");
        } else if (System.nanoTime() - began > WORTH_TELLING.toNanos()) {
            progress.accept(
                    String.format(Locale.ROOT, "settled the disk for %.1f s", (System.nanoTime() - began) / 1e9));
        }
    }

    private static boolean waitFor(Process sync, Duration atMost) throws InterruptedException {
        try {
            return sync.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException hurry) {
            sync.destroy();
            throw hurry;
        }
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }

    /** Dirty and Writeback of /proc/meminfo; 0 if it cannot be read: then nothing is waited for. */
    long unwrittenBytes() {
        try {
            return Files.readAllLines(meminfo).stream()
                    .filter(line -> line.startsWith("Dirty:") || line.startsWith("Writeback:"))
                    .mapToLong(Settling::bytes)
                    .sum();
        } catch (IOException unreadable) {
            return 0;
        }
    }

    /** "Dirty:     1234 kB" */
    private static long bytes(String line) {
        String digits = line.replaceAll("\\D", "");
        return digits.isEmpty() || digits.length() > 15 ? 0 : Long.parseLong(digits) << 10;
    }
}
