package dev.writescope.recording;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The file a recording is written to. It is opened at once, so that a wrong name is told before a run starts, but
 * an earlier recording in it is replaced only by {@link #clear}. What is appended reaches the kernel before the
 * call returns; it is not forced to the disk, which would disturb what is being measured, until {@link #force}.
 */
final class RecordingFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private RecordingFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Opens or creates (mode 0600: it names files and pods) the file; refuses what is not ours to overwrite. */
    static RecordingFile open(Path path) throws RecordingException {
        checkType(path);
        FileChannel channel;
        try {
            channel = OutputFile.open(
                    path,
                    Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException refused) {
            throw new RecordingException(String.valueOf(refused.getMessage()), refused);
        }
        RecordingFile file = new RecordingFile(path, channel);
        try {
            file.lock();
            file.checkContent();
            return file;
        } catch (RecordingException told) {
            file.closeQuietly(told);
            throw told;
        } catch (IOException e) {
            file.closeQuietly(e);
            throw new RecordingException(
                    "cannot write " + path + ": " + OutputFile.reason(e) + ": choose another place", e);
        }
    }

    private static void checkType(Path path) throws RecordingException {
        if (Files.isSymbolicLink(path)) {
            throw new RecordingException(path + " is a symbolic link: name the file it points to");
        }
        if (Files.isDirectory(path)) {
            throw new RecordingException(path + " is a directory: name a file in it");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new RecordingException(path + " is not a regular file: choose another one");
        }
    }

    private void lock() throws IOException {
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException _) {
            lock = null;
        }
        if (lock == null) {
            throw new RecordingException(path + " is being written by another recorder: choose another file");
        }
    }

    private void checkContent() throws IOException {
        ByteBuffer head = ByteBuffer.allocate((int) Math.min(channel.size(), Format.HEAD_BYTES));
        int read = 0;
        while (head.hasRemaining() && read >= 0) {
            read = channel.read(head, head.position());
        }
        String text = new String(head.array(), 0, head.position(), StandardCharsets.ISO_8859_1);
        if (!text.isEmpty() && text.lines().noneMatch(line -> line.startsWith("#[" + Format.RUN + " "))) {
            throw new RecordingException(
                    path + " exists and is not a writescope recording: choose another file or remove it");
        }
    }

    void clear() throws IOException {
        shielded(() -> channel.truncate(0));
    }

    /** Appends all of {@code text}, which is ASCII, or nothing of it. */
    void append(CharSequence text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
        shielded(() -> appendWhole(bytes));
    }

    private void appendWhole(ByteBuffer bytes) throws IOException {
        long before = channel.position();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            truncate(before, e);
            throw e;
        }
    }

    private void truncate(long size, IOException reason) {
        try {
            channel.truncate(size);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    /** Waits until the disk has it; a remote or over-committed file system tells of lost data only here. */
    void force() throws IOException {
        shielded(() -> channel.force(true));
    }

    /** A thread that was interrupted would find its channel closed: the interrupt waits until the work is done. */
    private static void shielded(ChannelWork work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            work.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface ChannelWork {
        void run() throws IOException;
    }

    private void closeQuietly(IOException reason) {
        try {
            close();
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
