package dev.writescope.bpf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The few functions of the C library that Java has no better way to. */
final class Libc {
    private static final NativeLibrary C = NativeLibrary.c();
    private static final NativeLibrary.Function MMAP = C.function("mmap");
    private static final NativeLibrary.Function MUNMAP = C.function("munmap");
    private static final NativeLibrary.Function SETPRIORITY = C.function("setpriority");
    private static final NativeLibrary.Function CAPGET = C.function("capget");
    private static final NativeLibrary.Function CAPSET = C.function("capset");
    private static final NativeLibrary.Function OPEN = C.function("open");
    private static final NativeLibrary.Function LSEEK = C.function("lseek");
    private static final NativeLibrary.Function READ = C.function("read");
    private static final NativeLibrary.Function CLOSE = C.function("close");
    private static final NativeLibrary.Function SYSCALL = C.function("syscall");
    private static final NativeLibrary.Function STATFS = C.function("statfs");
    private static final NativeLibrary.Function STATX = C.function("statx");

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final int CAPABILITY_VERSION_3 = 0x20080522;

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

    /** Takes all capabilities but those of the mask from the calling thread, as far as it has them: capabilities(7). */
    static void limitCapabilities(long mask) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment thisThread = scratch.allocate(ValueLayout.JAVA_INT, 2);
            thisThread.set(ValueLayout.JAVA_INT, 0, CAPABILITY_VERSION_3);
            // Effective, permitted and inheritable of the first 32 capabilities, then of the others.
            MemorySegment sets = scratch.allocate(ValueLayout.JAVA_INT, 6);
            if (CAPGET.call(thisThread.address(), sets.address()) != 0) {
                return;
            }
            for (int i = 0; i < 6; i++) {
                int kept = (int) (i < 3 ? mask : mask >>> 32);
                sets.setAtIndex(ValueLayout.JAVA_INT, i, sets.getAtIndex(ValueLayout.JAVA_INT, i) & kept);
            }
            CAPSET.call(thisThread.address(), sets.address());
        }
    }

    /** The part of union bpf_attr (include/uapi/linux/bpf.h) that is for batches. */
    static final int BATCH_SIZE = 56;

    private static final int BPF_MAP_LOOKUP_BATCH = 24;
    private static final int ENOENT = 2;

    /**
     * bpf(2) for a batch of a map: libbpf's function for it has more arguments than pass in registers.
     *
     * @return false after the last batch
     */
    static boolean lookUpBatch(MemorySegment request) throws BpfException {
        int bpf = System.getProperty("os.arch").equals("aarch64") ? 280 : 321;
        if (SYSCALL.call(bpf, BPF_MAP_LOOKUP_BATCH, request.address(), BATCH_SIZE, 0, 0) == 0) {
            return true;
        }
        int errno = NativeLibrary.errno();
        if (errno != ENOENT) {
            throw new BpfException("cannot read a BPF map", errno);
        }
        return false;
    }

    /** A descriptor, or -1 with errno. */
    static int open(byte[] path, int flags) {
        try (Arena scratch = Arena.ofConfined()) {
            return (int) OPEN.call(string(path, scratch).address(), flags);
        }
    }

    static long seek(int descriptor, long offset, int whence) {
        return LSEEK.call(descriptor, offset, whence);
    }

    /** Bytes read, or -1 with errno. */
    static long read(int descriptor, MemorySegment into) {
        return READ.call(descriptor, into.address(), into.byteSize());
    }

    /** 0, or -1 with errno. */
    static int statfs(byte[] path, MemorySegment into) {
        try (Arena scratch = Arena.ofConfined()) {
            return (int) STATFS.call(string(path, scratch).address(), into.address());
        }
    }

    /** 0, or -1 with errno. */
    static int statx(byte[] path, int flags, int mask, MemorySegment into) {
        int atFdcwd = -100;
        try (Arena scratch = Arena.ofConfined()) {
            return (int) STATX.call(atFdcwd, string(path, scratch).address(), flags, mask, into.address(), 0);
        }
    }

    /** Memory of its own with a terminating zero. */
    private static MemorySegment string(byte[] bytes, Arena arena) {
        MemorySegment text = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return text;
    }

    static void close(int descriptor) {
        CLOSE.call(descriptor);
    }
}
