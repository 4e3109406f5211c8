package dev.writescope.container;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads mountinfo files (proc_pid_mountinfo(5)). */
public final class MountInfo {
    /** Some thousand mounts. */
    private static final int MAX_BYTES = 16 << 20;

    private static final String UPPERDIR = "upperdir=";
    /** Long, and different in each container. */
    private static final Set<String> OVERLAY_DIRECTORIES = Set.of("lowerdir", "upperdir", "workdir");

    private MountInfo() {}

    /**
     * The mounts of a process; malformed lines are left out.
     *
     * @param inContainer whether the process belongs to a container, which decides what its mounts are to it
     */
    public static List<Mount> read(Path file, boolean inContainer) throws IOException {
        // Not lines(), as the kernel writes a carriage return in a name as it is.
        return Arrays.stream(BoundedFile.readText(file, MAX_BYTES).split("\n", -1))
                .map(line -> parse(line, inContainer))
                .filter(Objects::nonNull)
                .toList();
    }

    /** One line, or null if it is not one. */
    static @Nullable Mount parse(String line, boolean inContainer) {
        List<String> fields = Arrays.asList(line.split(" ", -1));
        // Optional fields, none or more, end with a dash. A name that is a dash can only come after it.
        int dash = fields.size() < 7 ? -1 : fields.subList(6, fields.size()).indexOf("-") + 6;
        if (dash < 6 || fields.size() < dash + 4) {
            return null;
        }
        try {
            String fstype = unescape(fields.get(dash + 1));
            String point = unescape(fields.get(4));
            MountClass mountClass = classify(fstype, point, inContainer);
            return new Mount(
                    Integer.parseInt(fields.get(0)),
                    fields.get(2),
                    fstype,
                    unescape(fields.get(3)),
                    point,
                    unescape(fields.get(dash + 2)),
                    fields.get(5),
                    superOptions(fields.get(dash + 3)),
                    mountClass,
                    mountClass == MountClass.UPPERDIR ? upperdir(fields.get(dash + 3)) : "");
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static MountClass classify(String fstype, String point, boolean inContainer) {
        if (!inContainer) {
            return MountClass.HOST;
        }
        boolean overlay = fstype.equals("overlay") || fstype.equals("fuse.fuse-overlayfs");
        if (overlay && point.equals("/")) {
            return MountClass.UPPERDIR;
        }
        return fstype.equals("tmpfs") ? MountClass.TMPFS : MountClass.VOLUME;
    }

    private static String superOptions(String field) {
        return Arrays.stream(field.split(",", -1))
                .filter(option -> !OVERLAY_DIRECTORIES.contains(option.split("=", 2)[0]))
                .map(MountInfo::unescape)
                .collect(Collectors.joining(","));
    }

    /** The kernel writes a comma in a value as \054, so options are split before they are decoded. */
    private static String upperdir(String superOptions) {
        return Arrays.stream(superOptions.split(",", -1))
                .filter(option -> option.startsWith(UPPERDIR))
                .map(option -> unescape(option.substring(UPPERDIR.length())))
                .findFirst()
                .orElse("");
    }

    /** Decodes the kernel's \ooo. A backslash without three octal digits stays as it is. */
    static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int code = text.charAt(i) == '\\' ? octal(text, i + 1) : -1;
            plain.append(code < 0 ? text.charAt(i) : (char) code);
            i += code < 0 ? 0 : 3;
        }
        return plain.toString();
    }

    private static int octal(String text, int start) {
        if (start + 3 > text.length()) {
            return -1;
        }
        int code = 0;
        for (int i = start; i < start + 3; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 7) {
                return -1;
            }
            code = code * 8 + digit;
        }
        // Only ASCII other than NUL is escaped; the rest is not the kernel's.
        return code > 0 && code < 0x80 ? code : -1;
    }
}
