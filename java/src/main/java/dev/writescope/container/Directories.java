package dev.writescope.container;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Lists directories that may vanish, or be absent, or be huge. */
public final class Directories {
    private static final int MAX_ENTRIES = 65_536;

    private Directories() {}

    /** The entries whose names match a glob; what could be read, if not all could. */
    public static List<Path> list(Path directory, String glob) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
            for (Path entry : entries) {
                if (found.size() == MAX_ENTRIES) {
                    break;
                }
                found.add(entry);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Vanished or not ours to read: what was found is all there is.
        }
        return found;
    }

    /** The last name of a path as text. */
    public static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
