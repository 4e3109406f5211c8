package dev.writescope.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The few functions of the C library that loading and mapping need. */
final class Libc {
    private static final NativeLibrary C = NativeLibrary.c();
    private static final NativeLibrary.Function MMAP = C.function("mmap");
    private static final NativeLibrary.Function MUNMAP = C.function("munmap");
    private static final NativeLibrary.Function SETPRIORITY = C.function("setpriority");
    private static final NativeLibrary.Function CLOSE = C.function("close");

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;

    private Libc() {}

    static final long PAGE_SIZE = pageSize();

    private static long pageSize() {
        int scPagesize = 30; // _SC_PAGESIZE of glibc
        return C.function("sysconf").call(scPagesize);
    }

    /** Maps a descriptor; the memory lives as long as the arena. */
    @SuppressWarnings("restricted")
    static MemorySegment map(int descriptor, long offset, long size, boolean writable, Arena arena)
            throws BpfException {
        long protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
        long address = MMAP.call(0, size, protection, MAP_SHARED, descriptor, offset);
        if (address == -1) {
            throw new BpfException("cannot map " + size + " bytes of a BPF map", NativeLibrary.errno());
        }
        return MemorySegment.ofAddress(address).reinterpret(size, arena, memory -> MUNMAP.call(memory.address(), size));
    }

    /** The nice value of the calling thread, as far as it is permitted. */
    static void setNice(int nice) {
        int prioProcess = 0; // which to Linux means one thread
        SETPRIORITY.call(prioProcess, 0, nice);
    }

    static void close(int descriptor) {
        CLOSE.call(descriptor);
    }
}
