package dev.writescope.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Reads files that somebody else writes: never more than a bound, and never something that could block. */
public final class BoundedFile {
    private BoundedFile() {}

    /**
     * The whole content of a regular file.
     *
     * @throws IOException also if it is a link, a pipe or the like, or longer than {@code maxBytes}
     */
    public static byte[] read(Path file, int maxBytes) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " is not a regular file");
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(maxBytes + 1);
            if (content.length > maxBytes) {
                throw new IOException(file + " is longer than " + maxBytes + " bytes");
            }
            return content;
        }
    }

    public static String readText(Path file, int maxBytes) throws IOException {
        return new String(read(file, maxBytes), StandardCharsets.UTF_8);
    }
}
