package dev.writescope.bpf;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's log from now on, without ever waiting for it, which Java's own channels would. Only opening it needs
 * CAP_SYSLOG (where kernel.dmesg_restrict is set). For one thread.
 */
public final class KernelRecords implements AutoCloseable {
    private static final int O_NONBLOCK = 04000;
    private static final int O_CLOEXEC = 02000000;
    private static final int SEEK_END = 2;
    private static final int EAGAIN = 11;
    private static final int EPIPE = 32;
    /** The kernel's PRINTK_MESSAGE_MAX has been at most this. */
    private static final int MAX_RECORD_BYTES = 8192;

    private final Path device;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(MAX_RECORD_BYTES);
    private final int descriptor;
    private boolean overwritten;
    private boolean closed;

    private KernelRecords(Path device, int descriptor) {
        this.device = device;
        this.descriptor = descriptor;
    }

    /** Opens the log behind its last record. */
    public static KernelRecords open(Path device) throws IOException {
        int descriptor = Libc.open(RawPath.of(device), O_NONBLOCK | O_CLOEXEC);
        if (descriptor < 0) {
            throw SystemCall.failed(device);
        }
        Libc.seek(descriptor, 0, SEEK_END);
        return new KernelRecords(device, descriptor);
    }

    /** The next record, as Documentation/ABI/testing/dev-kmsg has them; null if there is none yet. */
    public @Nullable String next() throws IOException {
        while (true) {
            long length = Libc.read(descriptor, buffer);
            if (length > 0) {
                byte[] record = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
                return new String(record, StandardCharsets.UTF_8);
            }
            int errno = length == 0 ? EAGAIN : NativeLibrary.errno();
            if (errno == EAGAIN) {
                return null;
            }
            if (errno != EPIPE) {
                throw SystemCall.failed(device);
            }
            overwritten = true;
        }
    }

    /** Whether records came faster than they were read, so that some are lost. */
    public boolean overwritten() {
        return overwritten;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Libc.close(descriptor);
            arena.close();
        }
    }
}
