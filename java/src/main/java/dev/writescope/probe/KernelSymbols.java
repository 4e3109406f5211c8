package dev.writescope.probe;

import dev.writescope.probe.Wait.Cause;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the kernel functions are that {@link WaitCauses} knows. Of the hundred thousand symbols of a kernel only the
 * addresses are kept while it is read, since a function ends where the next symbol begins. Immutable.
 */
final class KernelSymbols {
    static final Path FILE = Path.of("/proc/kallsyms");

    /** No symbols: every stack is like every other. */
    static final KernelSymbols NONE = new KernelSymbols(new long[0], new long[0], new Cause[0]);

    private static final int LONGEST_LINE = 1024;
    private static final int MOST_SYMBOLS = 1 << 21;

    private final long[] starts;
    private final long[] ends;
    private final Cause[] causes;

    private KernelSymbols(long[] starts, long[] ends, Cause[] causes) {
        this.starts = starts;
        this.ends = ends;
        this.causes = causes;
    }

    /** Those of the running kernel; none if they are hidden from us, as they are without CAP_SYSLOG. */
    static KernelSymbols read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return parse(in);
        } catch (IOException unreadable) {
            return NONE;
        }
    }

    /** True if no stack can be told from another. */
    boolean areHidden() {
        return starts.length == 0;
    }

    /** What a thread at this place waits for, or null; addresses on a stack are where a call returns to. */
    @Nullable
    Cause at(long returnAddress) {
        long address = returnAddress - 1;
        int place = Arrays.binarySearch(starts, address ^ Long.MIN_VALUE);
        int index = place >= 0 ? place : -place - 2;
        return index >= 0 && (address ^ Long.MIN_VALUE) < ends[index] ? causes[index] : null;
    }

    /** Lines of "address type name [module]"; those that are not are passed over. */
    static KernelSymbols parse(InputStream in) throws IOException {
        var reader = new Reader();
        byte[] line = new byte[LONGEST_LINE];
        int length = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                reader.line(line, Math.min(length, LONGEST_LINE));
                length = 0;
            } else if (length < LONGEST_LINE) {
                line[length++] = (byte) next;
            }
        }
        reader.line(line, length);
        return reader.symbols();
    }

    /** Addresses have their highest bit turned, so that they sort as unsigned. */
    private static final class Reader {
        private long[] all = new long[1 << 17];
        private int count;
        private long[] known = new long[256];
        private Cause[] causes = new Cause[256];
        private int knownCount;

        void line(byte[] line, int length) {
            long address = 0;
            int at = 0;
            while (at < length && Character.digit(line[at], 16) >= 0) {
                address = address << 4 | Character.digit(line[at++], 16);
            }
            if (at == 0 || at > 16 || address == 0 || at + 4 > length || count == MOST_SYMBOLS) {
                return;
            }
            byte type = line[at + 1];
            if (line[at] != ' ' || line[at + 2] != ' ' || "tTwW".indexOf(type) < 0) {
                return;
            }
            if (count == all.length) {
                all = Arrays.copyOf(all, 2 * count);
            }
            all[count++] = address ^ Long.MIN_VALUE;
            name(line, at + 3, length, address ^ Long.MIN_VALUE);
        }

        private void name(byte[] line, int start, int length, long address) {
            int end = start;
            while (end < length && line[end] > ' ') {
                end++;
            }
            Cause cause = WaitCauses.of(new String(line, start, end - start, StandardCharsets.ISO_8859_1));
            if (cause == null) {
                return;
            }
            if (knownCount == known.length) {
                known = Arrays.copyOf(known, 2 * knownCount);
                causes = Arrays.copyOf(causes, 2 * knownCount);
            }
            known[knownCount] = address;
            causes[knownCount++] = cause;
        }

        KernelSymbols symbols() {
            Arrays.sort(all, 0, count);
            Integer[] order = new Integer[knownCount];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, (a, b) -> Long.compare(known[a], known[b]));
            long[] starts = new long[knownCount];
            long[] ends = new long[knownCount];
            Cause[] sorted = new Cause[knownCount];
            for (int i = 0; i < knownCount; i++) {
                starts[i] = known[order[i]];
                ends[i] = after(starts[i]);
                sorted[i] = causes[order[i]];
            }
            return new KernelSymbols(starts, ends, sorted);
        }

        private long after(long start) {
            int place = Arrays.binarySearch(all, 0, count, start);
            while (place < count && all[place] == start) {
                place++;
            }
            return place < count ? all[place] : Long.MAX_VALUE;
        }
    }
}
