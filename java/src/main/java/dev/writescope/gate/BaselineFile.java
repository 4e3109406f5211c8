package dev.writescope.gate;

import dev.writescope.recording.Canary;
import dev.writescope.recording.OutputFile;
import dev.writescope.recording.RecordingReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The file that a baseline is kept in: a recording, replaced as a whole or not at all. */
final class BaselineFile {
    private BaselineFile() {}

    /** Fails early if {@link #replace} is going to: when it is something else than a recording, or has no directory. */
    static void checkReplaceable(Path file) throws IOException {
        OutputFile.check(file);
        Path directory = directory(file);
        if (!Files.isWritable(directory)) {
            throw new IOException("cannot write into " + directory + ": choose another place for the baseline");
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.isSymbolicLink(file)) {
                throw new IOException(file + " is a symbolic link: name the file it points to");
            }
            RecordingReader.open(file).close();
        }
    }

    /** Writes a new baseline. Whatever fails or ends this process, the file holds the old one or the new one. */
    static void replace(Path file, ArmRecording recording, List<Canary> canaries) throws IOException {
        Path draft = directory(file)
                .resolve(
                        "." + file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            recording.write(draft, canaries);
            // To be read by whoever keeps it, in a repository or a cache; it names nothing but mount points.
            Files.getFileAttributeView(draft, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setPermissions(PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static Path directory(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? Path.of("/") : parent;
    }
}
