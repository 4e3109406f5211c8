package dev.writescope.bpf;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** System calls on files, failing as Java's own do. */
final class SystemCall {
    private static final int ESRCH = 3;

    private SystemCall() {}

    /** What the last call on this thread failed with. */
    static IOException failed(Path path) {
        int errno = NativeLibrary.errno();
        return switch (errno) {
            case Errno.ENOENT, ESRCH -> new NoSuchFileException(path.toString());
            case Errno.EPERM, Errno.EACCES -> new AccessDeniedException(path.toString());
            default -> new FileSystemException(path.toString(), null, Errno.describe(errno));
        };
    }
}
