package dev.writescope.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A compiled BPF object on its way into the kernel: opened, configured, loaded, attached. Closing it detaches and
 * frees everything; when the process dies the kernel does the same, since nothing is pinned.
 *
 * <p>Not thread-safe.
 */
public final class BpfObject implements AutoCloseable {
    private static final int VERIFIER_LOG = 256 * 1024;
    private static final int OPEN_OPTIONS_SIZE = 80;
    private static final String KERNEL_BTF = "/sys/kernel/btf/vmlinux";

    private final Libbpf libbpf = Libbpf.get();
    private final Arena arena = Arena.ofShared();
    private final MemorySegment verifierLog = arena.allocate(VERIFIER_LOG);
    private final Btf btf;
    private final long object;
    private final List<Long> links = new ArrayList<>();
    private final Set<String> chosen = new HashSet<>();
    private boolean closed;

    /**
     * Opens an object; nothing goes to the kernel yet, and no program is chosen.
     *
     * @param name how the kernel shows it, at most 15 characters
     * @param modules whether types that the kernel lacks are looked for in its modules too, as libbpf does by itself;
     *     needs CAP_SYS_ADMIN, without which libbpf before 1.3 gives up
     */
    public BpfObject(String name, byte[] elf, boolean modules) throws BpfException {
        MemorySegment bytes = arena.allocate(elf.length, 8);
        MemorySegment.copy(elf, 0, bytes, ValueLayout.JAVA_BYTE, 0, elf.length);
        object = libbpf.objectOpenMem.call(
                bytes.address(), elf.length, openOptions(name, modules).address());
        if (object == 0) {
            int errno = NativeLibrary.errno();
            arena.close();
            throw new BpfException("libbpf cannot open the BPF programs", errno);
        }
        btf = readBtf();
        long program = 0;
        while ((program = libbpf.objectNextProgram.call(object, program)) != 0) {
            libbpf.programSetAutoload.call(program, 0);
        }
    }

    /** struct bpf_object_open_opts of libbpf 1.0; later versions accept the shorter one. */
    private MemorySegment openOptions(String name, boolean modules) {
        MemorySegment options = arena.allocate(OPEN_OPTIONS_SIZE, 8);
        options.set(ValueLayout.JAVA_LONG, 0, OPEN_OPTIONS_SIZE);
        options.set(ValueLayout.JAVA_LONG, 8, arena.allocateFrom(name).address());
        if (!modules) {
            options.set(
                    ValueLayout.JAVA_LONG, 48, arena.allocateFrom(KERNEL_BTF).address());
        }
        options.set(ValueLayout.JAVA_LONG, 56, verifierLog.address());
        options.set(ValueLayout.JAVA_LONG, 64, VERIFIER_LOG);
        return options;
    }

    /** As libbpf has completed it: in the file, the places of variables are still relocations. */
    @SuppressWarnings("restricted")
    private Btf readBtf() {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment size = scratch.allocate(ValueLayout.JAVA_INT);
            long address = libbpf.btfRawData.call(libbpf.objectBtf.call(object), size.address());
            return Btf.of(MemorySegment.ofAddress(address)
                    .reinterpret(size.get(ValueLayout.JAVA_INT, 0))
                    .toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** The layout of what the programs share with us. */
    public Btf btf() {
        return btf;
    }

    /** Have this program loaded. */
    public void choose(String program) {
        libbpf.programSetAutoload.call(program(program), 1);
        chosen.add(program);
    }

    /** Set a read-only variable of the programs, before load. Values are cut to the variable's size. */
    public void constant(String variable, long value) {
        Btf.Slot slot = btf.variables(".rodata").get(variable);
        if (slot == null) {
            throw new IllegalArgumentException("no constant " + variable);
        }
        write(initialValue(".rodata"), slot, value);
    }

    @SuppressWarnings("restricted")
    private MemorySegment initialValue(String section) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment size = scratch.allocate(ValueLayout.JAVA_LONG);
            long address = libbpf.mapInitialValue.call(map(section), size.address());
            if (address == 0) {
                throw new IllegalStateException("the section " + section + " cannot be changed any more");
            }
            return MemorySegment.ofAddress(address).reinterpret(size.get(ValueLayout.JAVA_LONG, 0), arena, null);
        }
    }

    private static void write(MemorySegment memory, Btf.Slot slot, long value) {
        switch (slot.size()) {
            case 1 -> memory.set(ValueLayout.JAVA_BYTE, slot.offset(), (byte) value);
            case 4 -> memory.set(ValueLayout.JAVA_INT_UNALIGNED, slot.offset(), (int) value);
            case 8 -> memory.set(ValueLayout.JAVA_LONG_UNALIGNED, slot.offset(), value);
            default -> throw new IllegalArgumentException("a constant of " + slot.size() + " bytes");
        }
    }

    /** Set how many entries a map has, before load. */
    public void entries(String map, int entries) {
        libbpf.mapSetMaxEntries.call(map(map), entries);
    }

    /** Set the size of a map's values in bytes, before load. */
    public void valueSize(String map, int bytes) {
        libbpf.mapSetValueSize.call(map(map), bytes);
    }

    /** Do not create a map that no chosen program reaches. */
    public void leaveOut(String map) {
        libbpf.mapSetAutocreate.call(map(map), 0);
    }

    /**
     * Creates the maps and loads the chosen programs.
     *
     * @throws BpfException with the verifier's log if it refused a program
     */
    public void load() throws BpfException {
        int error = (int) libbpf.objectLoad.call(object);
        if (error < 0) {
            String log = verifierLog.getString(0);
            throw new BpfException("the kernel refused the programs " + String.join(", ", chosen), -error, log);
        }
    }

    /** Attaches a program as its section says. */
    public void attach(String program) throws BpfException {
        keep(libbpf.programAttach.call(program(program)), program);
    }

    /** Attaches a program to a tracepoint; one program may have many. */
    public void attachTracepoint(String program, String category, String name) throws BpfException {
        long link = libbpf.programAttachTracepoint.call(
                program(program),
                arena.allocateFrom(category).address(),
                arena.allocateFrom(name).address());
        keep(link, program + " to " + category + ":" + name);
    }

    private void keep(long link, String what) throws BpfException {
        if (link == 0) {
            throw new BpfException("cannot attach " + what, NativeLibrary.errno());
        }
        links.add(link);
    }

    /** A loaded map. */
    public BpfMap loadedMap(String name) {
        return new BpfMap((int) libbpf.mapFd.call(map(name)));
    }

    /** The variables that programs and we both write, mapped: the section ".bss" or ".data". */
    public MemorySegment variables(String section) throws BpfException {
        int size = 0;
        for (Btf.Slot slot : btf.variables(section).values()) {
            size = Math.max(size, slot.offset() + slot.size());
        }
        return loadedMap(section).memory(size, arena);
    }

    /** How often each chosen program could not run because it was already running on that CPU. */
    public Map<String, Long> missedRuns() {
        Map<String, Long> missed = new HashMap<>();
        for (String program : chosen) {
            long runs = ProgramInfo.of((int) libbpf.programFd.call(program(program)))
                    .missedRuns();
            missed.put(program, runs);
        }
        return missed;
    }

    /** What the kernel knows of a loaded program. */
    public ProgramInfo info(String program) {
        return ProgramInfo.of((int) libbpf.programFd.call(program(program)));
    }

    private long program(String name) {
        return found(libbpf.objectFindProgram, name);
    }

    private long map(String name) {
        return found(libbpf.objectFindMap, name);
    }

    private long found(NativeLibrary.Function finder, String name) {
        try (Arena scratch = Arena.ofConfined()) {
            long address = finder.call(object, scratch.allocateFrom(name).address());
            if (address == 0) {
                throw new IllegalArgumentException("the BPF object has no " + name);
            }
            return address;
        }
    }

    /** Stops all programs; their maps stay readable until {@link #close}. */
    public void detach() {
        for (long link : links.reversed()) {
            libbpf.linkDestroy.call(link);
        }
        links.clear();
    }

    /** The arena that lives as long as this object: for mapping its maps. */
    public Arena arena() {
        return arena;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        detach();
        libbpf.objectClose.call(object);
        arena.close();
    }
}
