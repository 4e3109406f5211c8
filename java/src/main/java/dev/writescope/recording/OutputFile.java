package dev.writescope.recording;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A file that the user named for output, opened such that nobody else can lead a writer with privileges elsewhere. The
 * rules are those of the kernel's protected_symlinks, protected_regular and protected_fifos, which many hosts have off
 * and which do not hold for root everywhere:
 *
 * <ul>
 *   <li>A symbolic link is followed only if it is ours or root's; what it points to is held to the same rules.
 *   <li>In a sticky directory that others may write to, such as /tmp, an existing file has to be ours or root's.
 *   <li>A file that is not there is made, and never found made by somebody else in between.
 * </ul>
 *
 * <p>Descriptors (/dev/stdout, /proc/self/fd/3), pipes and devices are files like others. The directories on the way
 * are trusted as the kernel does. Every {@link IOException} is one line that says what to do.
 */
public final class OutputFile {
    /** As many as the kernel follows. */
    private static final int MOST_LINKS = 40;

    private static final int STICKY = 01000;
    private static final int WRITABLE_BY_OTHERS = 0022;
    private static final int ROOT = 0;

    private final Path named;
    private final Set<Integer> trusted;

    private OutputFile(Path named, Set<Integer> trusted) {
        this.named = named;
        this.trusted = trusted;
    }

    /** Replaces the content. */
    public static OutputStream replace(Path file) throws IOException {
        return Channels.newOutputStream(
                open(file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)));
    }

    /** Writes after the content. */
    public static OutputStream append(Path file) throws IOException {
        return Channels.newOutputStream(open(file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND)));
    }

    /** Fails as opening it would, as far as that can be told without touching it. */
    public static void check(Path file) throws IOException {
        Path place = of(file).follow();
        boolean there = Files.exists(place);
        Path asked = there ? place : directory(place);
        if (!there && !Files.isDirectory(asked)) {
            throw new IOException("the directory of " + file + " does not exist: create it first");
        }
        if (there && Files.isDirectory(place)) {
            throw new IOException("cannot write " + file + ": it is a directory: choose another place");
        }
        if (!Files.isWritable(asked)) {
            throw new IOException("cannot write " + file + ": permission denied: choose another place");
        }
    }

    /** @param attributes of the file if it has to be made */
    static FileChannel open(Path file, Set<? extends OpenOption> access, FileAttribute<?>... attributes)
            throws IOException {
        Path place = of(file).follow();
        Set<OpenOption> options = new HashSet<>(access);
        if (!isDescriptor(place)) {
            options.add(LinkOption.NOFOLLOW_LINKS);
        }
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            options.add(StandardOpenOption.CREATE_NEW);
        }
        try {
            return FileChannel.open(place, options, attributes);
        } catch (NoSuchFileException absent) {
            throw new IOException("the directory of " + file + " does not exist: create it first", absent);
        } catch (AccessDeniedException refused) {
            throw new IOException("cannot write " + file + ": permission denied: choose another place", refused);
        } catch (IOException failed) {
            String reason = Files.isDirectory(place) ? "it is a directory" : reason(failed);
            throw new IOException("cannot write " + file + ": " + reason + ": choose another place", failed);
        }
    }

    /** errno's text where there is one. */
    static String reason(IOException failure) {
        String text = failure instanceof FileSystemException detailed ? detailed.getReason() : failure.getMessage();
        return text == null ? failure.getClass().getSimpleName() : text;
    }

    private static OutputFile of(Path file) throws IOException {
        return new OutputFile(file, new HashSet<>(List.of(ROOT, effectiveUser())));
    }

    /** Where the name leads; its last component is no link, unless it is a descriptor. */
    private Path follow() throws IOException {
        Path place = named.toAbsolutePath();
        for (int links = 0; links < MOST_LINKS; links++) {
            if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                return place;
            }
            int owner = attribute(place, "uid");
            if (!Files.isSymbolicLink(place)) {
                checkOwner(place, owner);
                return place;
            }
            if (!trusted.contains(owner)) {
                throw new IOException(named + " is a symbolic link of another user: name the file it points to");
            }
            if (isDescriptor(place)) {
                return place;
            }
            place = directory(place).resolve(Files.readSymbolicLink(place));
        }
        throw new IOException("cannot write " + named + ": it is a symbolic link without an end: choose another place");
    }

    private void checkOwner(Path place, int owner) throws IOException {
        int mode = attribute(directory(place), "mode");
        if ((mode & STICKY) != 0 && (mode & WRITABLE_BY_OTHERS) != 0 && !trusted.contains(owner)) {
            throw new IOException(named + " belongs to another user, in a directory that others may write to:"
                    + " remove it or choose another place");
        }
    }

    /** Links of the kernel's own, which lead to what is open whatever their text says. */
    private static boolean isDescriptor(Path place) {
        try {
            Path directory = directory(place).toRealPath();
            return directory.startsWith("/proc") && directory.endsWith("fd");
        } catch (IOException absent) {
            return false;
        }
    }

    private static int attribute(Path file, String name) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
        return attributes.get(name) instanceof Integer value ? value : -1;
    }

    private static Path directory(Path file) {
        Path parent = file.getParent();
        return parent == null ? file : parent;
    }

    /** Who files that this thread makes will belong to; the owner of /proc/self is not always that. */
    private static int effectiveUser() throws IOException {
        List<String> status = Files.readAllLines(Path.of("/proc/thread-self/status"));
        for (String line : status) {
            if (line.startsWith("Uid:")) {
                return Integer.parseUnsignedInt(line.split("\\s+", -1)[2]);
            }
        }
        throw new IOException("/proc/self/status does not say who we are: mount /proc");
    }
}
