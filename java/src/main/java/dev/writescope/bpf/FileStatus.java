package dev.writescope.bpf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * What the kernel knows of a file, by statx(2) (Linux 4.11), without waiting for a server of the file system. Java's own
 * attributes lack the blocks.
 *
 * @param mode type and permissions, as st_mode
 * @param inode unique within the device
 * @param size in bytes
 * @param allocatedBytes what it takes of the disk, holes not counted
 * @param device "major:minor" of the file system; below overlay that of the merged tree
 * @param special "major:minor" of a device file, else "0:0"
 * @param mountId of the mount it was reached through, as in this process's mountinfo; -1 before Linux 5.8
 */
public record FileStatus(
        int mode, long links, long inode, long size, long allocatedBytes, String device, String special, long mountId) {
    private static final int TYPE_MASK = 0170000;
    private static final int SYMLINK_NOFOLLOW = 0x100;
    private static final int NO_AUTOMOUNT = 0x800;
    private static final int DONT_SYNC = 0x4000;
    private static final int BASIC_STATS = 0x7ff;
    private static final int MNT_ID = 0x1000;
    private static final int SIZE = 256;

    /** Of the file itself, also if it is a symbolic link. */
    public static FileStatus of(Path path) throws IOException {
        return read(path, SYMLINK_NOFOLLOW);
    }

    /** Of what a link leads to, as those of /proc/PID/fd. */
    public static FileStatus ofTarget(Path link) throws IOException {
        return read(link, 0);
    }

    public boolean isRegular() {
        return (mode & TYPE_MASK) == 0100000;
    }

    public boolean isDirectory() {
        return (mode & TYPE_MASK) == 0040000;
    }

    public boolean isCharacterDevice() {
        return (mode & TYPE_MASK) == 0020000;
    }

    /** include/uapi/linux/stat.h: the same on all architectures. */
    private static FileStatus read(Path path, int follow) throws IOException {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment status = scratch.allocate(SIZE, 8);
            if (Libc.statx(RawPath.of(path), follow | NO_AUTOMOUNT | DONT_SYNC, BASIC_STATS | MNT_ID, status) != 0) {
                throw SystemCall.failed(path);
            }
            return new FileStatus(
                    status.get(ValueLayout.JAVA_SHORT, 28) & 0xffff,
                    status.get(ValueLayout.JAVA_INT, 16) & 0xffffffffL,
                    status.get(ValueLayout.JAVA_LONG, 32),
                    status.get(ValueLayout.JAVA_LONG, 40),
                    status.get(ValueLayout.JAVA_LONG, 48) * 512,
                    pair(status, 136),
                    pair(status, 128),
                    (status.get(ValueLayout.JAVA_INT, 0) & MNT_ID) == 0 ? -1 : status.get(ValueLayout.JAVA_LONG, 144));
        }
    }

    private static String pair(MemorySegment status, int offset) {
        return Integer.toUnsignedString(status.get(ValueLayout.JAVA_INT, offset)) + ":"
                + Integer.toUnsignedString(status.get(ValueLayout.JAVA_INT, offset + 4));
    }
}
