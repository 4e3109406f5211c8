package dev.writescope.recording;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines of bounded length, numbered. A last line without its line break was cut and is not given out. */
final class LineReader implements AutoCloseable {
    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private int next;
    private int limit;
    private byte[] line = new byte[4096];
    private long number;
    private boolean cut;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** The number of the line that {@link #readLine} gave last or failed at, from 1. */
    long number() {
        return number;
    }

    /** Whether the last line lacks its line break. */
    boolean cut() {
        return cut;
    }

    /** The next line without its line break, null at the end. Bytes are characters (ISO 8859-1). */
    @Nullable
    String readLine() throws IOException, MalformedLineException {
        number++;
        int length = 0;
        while (true) {
            if (next == limit && !fill()) {
                cut = length > 0;
                return null;
            }
            int end = endOfLine();
            length = append(length, end);
            next = end;
            if (end < limit) {
                next++;
                boolean windows = length > 0 && line[length - 1] == '\r';
                return new String(line, 0, windows ? length - 1 : length, StandardCharsets.ISO_8859_1);
            }
        }
    }

    private boolean fill() throws IOException {
        next = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }

    private int endOfLine() {
        int end = next;
        while (end < limit && buffer[end] != '\n') {
            end++;
        }
        return end;
    }

    private int append(int length, int end) throws MalformedLineException {
        int total = length + end - next;
        if (total > Format.MAX_LINE_BYTES) {
            throw new MalformedLineException("the line is longer than " + Format.MAX_LINE_BYTES + " bytes");
        }
        if (total > line.length) {
            line = Arrays.copyOf(line, Math.max(total, 2 * line.length));
        }
        System.arraycopy(buffer, next, line, length, end - next);
        return total;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
