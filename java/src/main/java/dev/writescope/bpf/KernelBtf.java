package dev.writescope.bpf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The type information of the kernel, which has a hundred thousand types: only where each begins is kept. Format:
 * Documentation/bpf/btf.rst of the kernel.
 */
public final class KernelBtf {
    private static final int MAGIC = 0xeB9F;
    private static final int HEAD = 12;

    private final ByteBuffer bytes;
    private final int strings;
    private int[] starts = new int[1 << 17];
    private int types = 1; // 0 is void

    private KernelBtf(byte[] raw) {
        bytes = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
        if ((bytes.getShort(0) & 0xffff) != MAGIC) {
            throw new IllegalArgumentException("not BTF");
        }
        int header = bytes.getInt(4);
        strings = header + bytes.getInt(16);
        int end = header + bytes.getInt(8) + bytes.getInt(12);
        for (int at = header + bytes.getInt(8); at < end; at += HEAD + tail(at)) {
            if (types == starts.length) {
                starts = Arrays.copyOf(starts, 2 * types);
            }
            starts[types++] = at;
        }
    }

    /**
     * Reads /sys/kernel/btf/vmlinux or a file like it.
     *
     * @throws IOException also if it is damaged
     */
    public static KernelBtf read(Path file) throws IOException {
        try {
            return new KernelBtf(Files.readAllBytes(file));
        } catch (IndexOutOfBoundsException | IllegalArgumentException damaged) {
            throw new IOException(file + " is no BTF", damaged);
        }
    }

    /** Bytes after the three words that every type begins with. */
    private int tail(int at) {
        int entries = bytes.getInt(at + 4) & 0xffff;
        return switch (kind(at)) {
            case Btf.KIND_INT, Btf.KIND_VAR, Btf.KIND_DECL_TAG -> 4;
            case Btf.KIND_ARRAY -> 12;
            case Btf.KIND_STRUCT, Btf.KIND_UNION, Btf.KIND_DATASEC, Btf.KIND_ENUM64 -> 12 * entries;
            case Btf.KIND_ENUM, Btf.KIND_FUNC_PROTO -> 8 * entries;
            default -> 0;
        };
    }

    private int kind(int at) {
        return bytes.getInt(at + 4) >>> 24 & 0x1f;
    }

    /**
     * How many arguments a tracepoint has, by the type of the functions that are called at it.
     *
     * @return -1 if there is no such tracepoint, or its type does not resolve
     */
    public int tracepointArguments(String tracepoint) {
        byte[] name = ("btf_trace_" + tracepoint + "\0").getBytes(StandardCharsets.UTF_8);
        for (int type = 1; type < types; type++) {
            int at = starts[type];
            if (kind(at) == Btf.KIND_TYPEDEF && isNamed(at, name)) {
                int pointer = target(at);
                int function = pointer < 0 || kind(pointer) != Btf.KIND_PTR ? -1 : target(pointer);
                return function < 0 || kind(function) != Btf.KIND_FUNC_PROTO
                        ? -1
                        : (bytes.getInt(function + 4) & 0xffff) - 1; // the first is the tracer's own
            }
        }
        return -1;
    }

    /**
     * The value of an enumerator by its name, in whichever enum it is: those without a name are out of CO-RE's reach.
     *
     * @return empty if there is none of this name
     */
    public OptionalInt enumerator(String enumerator) {
        byte[] name = (enumerator + "\0").getBytes(StandardCharsets.UTF_8);
        for (int type = 1; type < types; type++) {
            int at = starts[type];
            int end = kind(at) == Btf.KIND_ENUM ? at + HEAD + tail(at) : at;
            for (int each = at + HEAD; each < end; each += 8) {
                if (isNamed(each, name)) {
                    return OptionalInt.of(bytes.getInt(each + 4));
                }
            }
        }
        return OptionalInt.empty();
    }

    private int target(int at) {
        int type = bytes.getInt(at + 8);
        return type > 0 && type < types ? starts[type] : -1;
    }

    private boolean isNamed(int at, byte[] name) {
        int text = strings + bytes.getInt(at);
        return text >= 0
                && text + name.length <= bytes.limit()
                && Arrays.equals(bytes.array(), text, text + name.length, name, 0, name.length);
    }
}
