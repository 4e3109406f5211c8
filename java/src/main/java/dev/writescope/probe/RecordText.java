package dev.writescope.probe;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Names and paths in records; what is no UTF-8 is replaced. */
final class RecordText {
    private RecordText() {}

    /**
     * A path of size bytes: components from the file up to the root of its file system, each ended by a NUL.
     *
     * @param cut whether there were more
     */
    static String path(MemorySegment data, long at, int size, boolean cut) {
        List<String> components = new ArrayList<>();
        long position = at;
        long end = at + size;
        while (position < end) {
            String component = latin1(data, position, (int) (end - position));
            components.add(component);
            position += component.length() + 1L;
        }
        if (components.isEmpty()) {
            return "";
        }
        String bytes = String.join("/", components.reversed());
        return (cut ? "…/" : "/") + new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    static String text(MemorySegment data, long at, int limit) {
        return new String(latin1(data, at, limit).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The bytes up to a NUL or the limit, one char each: their number stays known. */
    private static String latin1(MemorySegment data, long at, int limit) {
        byte[] bytes = new byte[limit];
        MemorySegment.copy(data, JAVA_BYTE, at, bytes, 0, limit);
        int end = 0;
        while (end < limit && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    }
}
