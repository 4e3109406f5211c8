package dev.writescope.bpf;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The type information of a compiled BPF object, as far as we need it: where the global variables are and how the
 * shared structs are laid out. Format: Documentation/bpf/btf.rst of the kernel.
 */
public final class Btf {
    private static final int MAGIC = 0xeB9F;
    static final int KIND_INT = 1;
    static final int KIND_PTR = 2;
    static final int KIND_ARRAY = 3;
    static final int KIND_STRUCT = 4;
    static final int KIND_UNION = 5;
    static final int KIND_ENUM = 6;
    static final int KIND_TYPEDEF = 8;
    static final int KIND_FUNC_PROTO = 13;
    static final int KIND_VAR = 14;
    static final int KIND_DATASEC = 15;
    static final int KIND_FLOAT = 16;
    static final int KIND_DECL_TAG = 17;
    static final int KIND_ENUM64 = 19;

    private record Member(String name, int type, int bitOffset) {}

    private record Type(String name, int kind, int sizeOrType, List<Member> members, int elements) {}

    /** A place in a struct or in a section: bytes from its start, and bytes long. */
    public record Slot(int offset, int size) {}

    private final List<Type> types = new ArrayList<>();

    private Btf() {}

    /**
     * Reads the BTF of a BPF object file (64-bit little-endian ELF). The offsets of variables are not in it yet.
     *
     * @throws IllegalArgumentException if it has none or it is damaged
     */
    public static Btf ofObject(byte[] elf) {
        try {
            return parse(section(ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN), ".BTF"));
        } catch (IndexOutOfBoundsException | BufferUnderflowException damaged) {
            throw new IllegalArgumentException("not a BPF object: its sections do not fit the file", damaged);
        }
    }

    /**
     * Reads BTF as it stands in memory.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    static Btf of(byte[] raw) {
        try {
            return parse(ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN));
        } catch (IndexOutOfBoundsException | BufferUnderflowException damaged) {
            throw new IllegalArgumentException("BTF that ends too early", damaged);
        }
    }

    private static ByteBuffer section(ByteBuffer elf, String name) {
        if (elf.getInt(0) != 0x464c457f) {
            throw new IllegalArgumentException("not an ELF file");
        }
        int table = (int) elf.getLong(0x28);
        int entrySize = elf.getShort(0x3a);
        int entries = elf.getShort(0x3c);
        if (table + entries * entrySize > elf.limit()) {
            throw new IllegalArgumentException("not a whole BPF object: its section table is cut");
        }
        int names = (int) elf.getLong(table + elf.getShort(0x3e) * entrySize + 0x18);
        for (int i = 0; i < entries; i++) {
            int entry = table + i * entrySize;
            if (string(elf, names + elf.getInt(entry)).equals(name)) {
                return elf.slice((int) elf.getLong(entry + 0x18), (int) elf.getLong(entry + 0x20))
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        throw new IllegalArgumentException("no " + name + " section");
    }

    private static String string(ByteBuffer bytes, int at) {
        int end = at;
        while (bytes.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end - at];
        bytes.get(at, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static Btf parse(ByteBuffer bytes) {
        if ((bytes.getShort(0) & 0xffff) != MAGIC) {
            throw new IllegalArgumentException("not BTF");
        }
        int header = bytes.getInt(4);
        int typesAt = header + bytes.getInt(8);
        int typesEnd = typesAt + bytes.getInt(12);
        int stringsAt = header + bytes.getInt(16);
        if (typesAt < 0 || typesAt > bytes.limit()) {
            throw new IllegalArgumentException("damaged BTF: its types begin outside of it");
        }
        Btf btf = new Btf();
        btf.types.add(new Type("void", 0, 0, List.of(), 0));
        bytes.position(typesAt);
        while (bytes.position() < typesEnd) {
            btf.types.add(type(bytes, stringsAt));
        }
        return btf;
    }

    private static void skip(ByteBuffer bytes, int length) {
        if (length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        bytes.position(bytes.position() + length);
    }

    private static Type type(ByteBuffer bytes, int stringsAt) {
        String name = string(bytes, stringsAt + bytes.getInt());
        int info = bytes.getInt();
        int kind = info >>> 24 & 0x1f;
        int length = info & 0xffff;
        int sizeOrType = bytes.getInt();
        List<Member> members = new ArrayList<>();
        int elements = 0;
        switch (kind) {
            case KIND_INT, KIND_VAR, KIND_DECL_TAG -> bytes.getInt();
            case KIND_ARRAY -> {
                sizeOrType = bytes.getInt();
                bytes.getInt();
                elements = bytes.getInt();
            }
            case KIND_STRUCT, KIND_UNION -> {
                boolean bitfields = info < 0;
                for (int i = 0; i < length; i++) {
                    String member = string(bytes, stringsAt + bytes.getInt());
                    int type = bytes.getInt();
                    int offset = bytes.getInt();
                    members.add(new Member(member, type, bitfields ? offset & 0xffffff : offset));
                }
            }
            case KIND_DATASEC -> {
                for (int i = 0; i < length; i++) {
                    int variable = bytes.getInt();
                    members.add(new Member("", variable, bytes.getInt() * 8));
                    bytes.getInt();
                }
            }
            case KIND_ENUM, KIND_FUNC_PROTO -> skip(bytes, 8 * length);
            case KIND_ENUM64 -> skip(bytes, 12 * length);
            default -> {
                // Everything else is the three words alone.
            }
        }
        return new Type(name, kind, sizeOrType, members, elements);
    }

    /** The variables of a data section such as ".rodata", by name. Empty if there is no such section. */
    public Map<String, Slot> variables(String section) {
        Map<String, Slot> slots = new HashMap<>();
        Type found = find(section, KIND_DATASEC);
        if (found != null) {
            for (Member member : found.members()) {
                Type variable = types.get(member.type());
                slots.put(variable.name(), new Slot(member.bitOffset() / 8, size(variable.sizeOrType(), 0)));
            }
        }
        return slots;
    }

    /**
     * The fields of a struct, by name.
     *
     * @throws IllegalArgumentException if there is no such struct
     */
    public Map<String, Slot> fields(String struct) {
        Map<String, Slot> slots = new HashMap<>();
        for (Member member : struct(struct).members()) {
            slots.put(member.name(), new Slot(member.bitOffset() / 8, size(member.type(), 0)));
        }
        return slots;
    }

    /** The size of a struct in bytes. */
    public int size(String struct) {
        return struct(struct).sizeOrType();
    }

    private Type struct(String name) {
        Type found = find(name, KIND_STRUCT);
        if (found == null) {
            throw new IllegalArgumentException("no struct " + name);
        }
        return found;
    }

    private @Nullable Type find(String name, int kind) {
        for (Type type : types) {
            if (type.kind() == kind && type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }

    private int size(int id, int depth) {
        if (id < 0 || id >= types.size() || depth > 32) {
            throw new IllegalArgumentException("BTF type " + id + " does not resolve");
        }
        Type type = types.get(id);
        return switch (type.kind()) {
            case KIND_INT, KIND_STRUCT, KIND_UNION, KIND_ENUM, KIND_ENUM64, KIND_FLOAT -> type.sizeOrType();
            case KIND_PTR -> 8;
            case KIND_ARRAY -> type.elements() * size(type.sizeOrType(), depth + 1);
            default -> size(type.sizeOrType(), depth + 1);
        };
    }
}
