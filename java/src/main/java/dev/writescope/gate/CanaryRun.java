package dev.writescope.gate;

import dev.writescope.recording.Canary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** A short series of fsyncs of our own, timed from outside, on the file system that matters. */
final class CanaryRun {
    private static final int FSYNCS = 64;
    private static final int FEWEST = 8;
    /** A disk that needs longer is told well enough by fewer. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(1);

    private static final int BYTES = 4096;

    private CanaryRun() {}

    /**
     * Appends to a new file in the directory, which is removed again.
     *
     * @throws IOException if the directory cannot be written to; the message says so
     */
    static Canary in(Path directory) throws IOException, InterruptedException {
        Path file;
        try {
            file = Files.createTempFile(directory, ".writescope-canary", null);
        } catch (IOException refused) {
            throw new IOException(
                    "cannot write into " + directory + " to see how its disk is: choose another --canary-dir", refused);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return series(channel);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Canary series(FileChannel channel) throws IOException, InterruptedException {
        ByteBuffer page = ByteBuffer.allocate(BYTES);
        channel.write(page);
        channel.force(true); // the first one makes the file
        Instant time = Instant.now();
        long began = System.nanoTime();
        long[] took = new long[FSYNCS];
        int count = 0;
        while (count < FSYNCS && (count < FEWEST || System.nanoTime() - began < LONG_ENOUGH.toNanos())) {
            channel.write(page.clear());
            long before = System.nanoTime();
            channel.force(true);
            took[count++] = System.nanoTime() - before;
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        Arrays.sort(took, 0, count);
        return new Canary(time, count, took[(count - 1) / 2], took[(int) Math.ceil(0.95 * count) - 1]);
    }
}
