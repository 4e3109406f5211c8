package dev.writescope.bpf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * How full a file system is, by statfs(2). Java's own FileStore knows nothing of inodes.
 *
 * @param freeBytes what is left for others than root
 * @param totalInodes 0 where the file system makes them as needed
 */
public record FileSystemUsage(long totalBytes, long freeBytes, long totalInodes, long freeInodes) {
    private static final int SIZE = 120;

    /** Of the file system that a file is on. */
    public static FileSystemUsage of(Path path) throws IOException {
        // struct statfs of x86-64 and arm64, which agree: nothing but longs here
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment status = scratch.allocate(SIZE, 8);
            if (Libc.statfs(RawPath.of(path), status) != 0) {
                throw SystemCall.failed(path);
            }
            long block = word(status, 1);
            return new FileSystemUsage(
                    block * word(status, 2), block * word(status, 4), word(status, 5), word(status, 6));
        }
    }

    private static long word(MemorySegment status, int index) {
        return status.getAtIndex(ValueLayout.JAVA_LONG, index);
    }
}
